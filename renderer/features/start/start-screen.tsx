import { Toolbar } from '../../ui/toolbar.tsx';

export function StartScreen() {
  return <Toolbar title="Rescind" />;
}
