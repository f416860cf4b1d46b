import { useConsole, useNotices } from '../state/context.ts';
import { Button, IconButton } from '../ui/button.tsx';
import './toasts.css';

/** Messages at the edge of the window; read out as they come. */
export function Toasts() {
  const list = useNotices((state) => state.list);
  const { notices } = useConsole();
  return (
    <div className="toasts" role="log" aria-live="polite" aria-label="Messages">
      {list.map(({ id, tone, text, action }) => (
        <div key={id} className={`toast ${tone}`}>
          <p>{text}</p>
          {action === undefined ? null : (
            <Button
              onClick={() => {
                notices.getState().dismiss(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
          <IconButton icon="close" label="Dismiss message" onClick={() => notices.getState().dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
