import createCode from 'qrcode-generator';

/** Modules of white around a code, as ISO/IEC 18004 wants it. */
const quietZone = 4;

/** One part as a QR code: dark on white in either theme, since not every reader takes the other way round. */
export function QrCode({ part, label }: { readonly part: string; readonly label: string }) {
  const code = createCode(0, 'M');
  code.addData(part, 'Byte');
  code.make();
  const size = code.getModuleCount();
  const lines: string[] = [];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      if (code.isDark(row, column)) lines.push(`M${column + quietZone} ${row + quietZone}h1v1h-1z`);
    }
  }
  const side = size + 2 * quietZone;
  return (
    <svg
      role="img"
      aria-label={label}
      className="qr-code"
      viewBox={`0 0 ${side} ${side}`}
      shapeRendering="crispEdges"
    >
      <rect className="qr-light" width={side} height={side} />
      <path className="qr-dark" d={lines.join('')} />
    </svg>
  );
}
