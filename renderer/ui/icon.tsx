const shapes = {
  overview: 'M2 13h12M3 10l3-4 3 3 4-6',
  events: 'M2 4h12M2 8h12M2 12h8',
  evidence: 'M4 2h5l3 3v9H4zM9 2v3h3',
  traces: 'M3 3h4v3H3zM9 10h4v3H9zM5 6v5.5h4',
  bundles: 'M8 2l5 3v6l-5 3-5-3V5zM3 5l5 3 5-3M8 8v6',
  identities: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14a5.5 5.5 0 0 1 11 0',
  ownership: 'M6 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.5 13.5a4.5 4.5 0 0 1 8 -2.8M10 12l1.8 1.8L15 10',
  drift: 'M2 5h8l-2-2M14 11H6l2 2',
  findings: 'M8 2l5 2v4c0 3-2 5-5 6-3-1-5-3-5-6V4zM8 5v4M8 11v.5',
  respond: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM3.8 3.8l8.4 8.4',
  filter: 'M2 3h12l-5 6v4l-2 1V9z',
  columns: 'M2 3h12v10H2zM6.5 3v10M10 3v10',
  table: 'M2 3h12v10H2zM2 6.5h12M2 10h12M7 6.5V13',
  clock: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 5v3l2 2',
  help: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM6.3 6.4a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.9.7-.9 1.3M8 11.2v.3',
  minus: 'M3 8h10',
  cite: 'M4 3h8v10l-4-3-4 3z',
  save: 'M8 2v8M4.5 7L8 10.5 11.5 7M3 13h10',
  sort: 'M5 13V3M2.5 5.5L5 3l2.5 2.5M11 3v10M8.5 10.5L11 13l2.5-2.5',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM11 11l3 3',
  close: 'M4 4l8 8M12 4l-8 8',
  pin: 'M6 2h4v5l2 2H4l2-2zM8 9v5',
  down: 'M4 6l4 4 4-4',
  right: 'M6 4l4 4-4 4',
  folder: 'M2 4h4l2 2h6v7H2z',
  file: 'M4 2h5l3 3v9H4z',
  up: 'M8 13V3M4 7l4-4 4 4',
  copy: 'M6 6h7v7H6zM3 10V3h7',
  check: 'M3 8l3 3 7-7',
  plus: 'M8 3v10M3 8h10',
  theme: 'M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12',
  sidebar: 'M2 3h12v10H2zM6 3v10',
  warning: 'M8 2l6 11H2zM8 6v4M8 11.5v.5',
} as const;

export type IconName = keyof typeof shapes;

/** A line drawing beside a word, or in a button that has a name of its own. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon-shape" viewBox="0 0 16 16" aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  );
}
