import type { ReactNode } from 'react';
import { Drawer } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import css from './shell.module.css';

/** The navigation on a phone; closes when a page opens. */
export function NavDrawer({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Drawer opened onClose={onClose} size="xs" padding={0} withCloseButton={false} aria-label={t('nav.label')} styles={{ body: { blockSize: '100%' } }}>
      <div className={css.nav}>{children}</div>
    </Drawer>
  );
}
