import type { ReactNode } from 'react';
import { Drawer } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import css from './form.module.css';

/** A drawer from the right for a quick look or a small form; work that takes longer gets a page. Esc closes. */
export function QuickLook({ opened, onClose, title, children }: { opened: boolean; onClose: () => void; title: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      title={title}
      position="right"
      size="var(--k-size-drawer)"
      closeButtonProps={{ 'aria-label': t('actions.close') }}
      classNames={{ title: css.dialogTitle }}
    >
      <div className={css.quick}>{children}</div>
    </Drawer>
  );
}
