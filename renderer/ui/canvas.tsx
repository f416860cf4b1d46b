import { useEffect, useRef } from 'react';
import { usePreferences } from '../state/context.ts';
import { useLatest } from './use-latest.ts';

/** A place to draw, in CSS pixels. */
export interface Drawing {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** The colour of a design token in the present theme, e.g. `--deny`. */
  readonly colour: (token: string) => string;
}

interface CanvasProps {
  /** Stable until something else is to be drawn (`useCallback`). */
  readonly draw: (drawing: Drawing) => void;
  readonly className: string;
}

/** A canvas as large as its place, sharp on every screen; drawn again when size, theme or `draw` change. */
export function Canvas(props: CanvasProps) {
  // The colours are read once: another theme gets another canvas.
  return <ThemedCanvas key={usePreferences((state) => state.theme)} {...props} />;
}

function ThemedCanvas({ draw, className }: CanvasProps) {
  const element = useRef<HTMLCanvasElement>(null);
  const latest = useLatest(draw);

  useEffect(() => {
    const canvas = element.current;
    if (canvas === null) return undefined;
    const observer = new ResizeObserver(() => paint(canvas, latest.current));
    observer.observe(canvas);
    return () => observer.disconnect();
  }, [latest]);
  useEffect(() => {
    const canvas = element.current;
    if (canvas === null) return undefined;
    // The theme's attribute changes in an effect of the app, which runs after this one.
    const frame = requestAnimationFrame(() => paint(canvas, draw));
    return () => cancelAnimationFrame(frame);
  }, [draw]);

  return <canvas ref={element} className={className} aria-hidden="true" />;
}

function paint(canvas: HTMLCanvasElement, draw: CanvasProps['draw']): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { clientWidth: width, clientHeight: height } = canvas;
  const density = window.devicePixelRatio;
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  const styles = getComputedStyle(canvas);
  const colours = new Map<string, string>();
  const colour = (token: string): string => {
    let found = colours.get(token);
    if (found === undefined) colours.set(token, (found = styles.getPropertyValue(token)));
    return found;
  };
  draw({ context, width, height, colour });
}
