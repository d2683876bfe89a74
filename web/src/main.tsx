import '@fontsource-variable/inter/opsz.css';
import '@mantine/core/styles.css';
import './app.css';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { queryClient } from './api/query-client.ts';
import { startI18n } from './lib/i18n.ts';
import { router } from './routes.tsx';
import { ConfirmHost } from './ui/confirm.tsx';
import { cssVariablesResolver, theme } from './ui/theme.ts';

const ToastHost = lazy(() => import('./ui/toast-host.tsx'));

await startI18n();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <ConfirmHost />
        <Suspense>
          <ToastHost />
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
