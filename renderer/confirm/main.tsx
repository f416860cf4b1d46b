import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../ui/tokens.css';
import '../ui/base.css';
import { connectSurface } from './connect.ts';
import { ConfirmSurface } from './confirm-surface.tsx';

const place = document.getElementById('confirm');
if (place !== null) {
  createRoot(place).render(
    <StrictMode>
      <ConfirmSurface surface={connectSurface(window)} />
    </StrictMode>,
  );
}
