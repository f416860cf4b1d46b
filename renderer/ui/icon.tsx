const shapes = {
  overview: 'M2 13h12M3 10l3-4 3 3 4-6',
  events: 'M2 4h12M2 8h12M2 12h8',
  evidence: 'M4 2h5l3 3v9H4zM9 2v3h3',
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
