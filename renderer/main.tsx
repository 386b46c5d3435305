import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import './app/theme.css';
import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { theme } from './app/theme.ts';
import { AppStore } from './store/app-store.ts';
import { StoreProvider } from './store/store-context.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <StoreProvider store={new AppStore()}>
        <App />
      </StoreProvider>
    </MantineProvider>
  </StrictMode>,
);
