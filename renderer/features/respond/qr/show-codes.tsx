import { useEffect, useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Loading } from '../../../ui/states.tsx';
import { partsOf } from './parts.ts';
import { QrCode } from './qr-code.tsx';

/** A text as QR codes, one at a time. */
export function ShowCodes({ text }: { readonly text: string }) {
  const [parts, setParts] = useState<readonly string[] | null>(null);
  const [tooLong, setTooLong] = useState(false);
  const [shown, setShown] = useState(0);
  useEffect(() => {
    let isHere = true;
    void partsOf(text).then((made) => {
      if (!isHere) return undefined;
      setShown(0);
      setParts(made);
      setTooLong(made === null);
      return undefined;
    });
    return () => {
      isHere = false;
    };
  }, [text]);
  if (tooLong) return <p>It is too long for codes: hand it over as a file.</p>;
  const part = parts?.[shown];
  if (parts === null || part === undefined) return <Loading what="the codes" />;
  return (
    <div className="qr-codes">
      <QrCode part={part} label={`Code ${shown + 1} of ${parts.length}`} />
      <p>
        Code <strong>{shown + 1}</strong> of <strong>{parts.length}</strong>. Take a picture of each, and
        choose the pictures on the other machine: in any order, more than one code in a picture is fine.
      </p>
      {parts.length === 1 ? null : (
        <div className="respond-buttons">
          <Button disabled={shown === 0} onClick={() => setShown(shown - 1)}>
            Previous code
          </Button>
          <Button disabled={shown === parts.length - 1} onClick={() => setShown(shown + 1)}>
            Next code
          </Button>
        </div>
      )}
    </div>
  );
}
