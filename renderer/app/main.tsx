import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connectBridge } from '../bridge/bridge.ts';
import { createConsole } from '../state/console.ts';
import { ConsoleProvider } from '../state/context.ts';
import '../ui/tokens.css';
import '../ui/base.css';
import { App } from './app.tsx';
import { features } from './features.ts';

const place = document.getElementById('console');
if (place !== null) {
  createRoot(place).render(
    <StrictMode>
      <ConsoleProvider value={createConsole(connectBridge(window), window, features)}>
        <App />
      </ConsoleProvider>
    </StrictMode>,
  );
}
