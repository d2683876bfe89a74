import { Kbd, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import css from './palette.module.css';

/** Every key there is, opened with `?`. */
export function ShortcutsHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const groups = [
    {
      title: t('shortcuts.anywhere'),
      keys: [
        ['Ctrl K', t('shortcuts.goAnywhere')],
        ['?', t('shortcuts.help')],
        ['Esc', t('shortcuts.close')],
      ],
    },
    {
      title: t('shortcuts.inLists'),
      keys: [
        ['/', t('shortcuts.search')],
        ['J', t('shortcuts.next')],
        ['K', t('shortcuts.previous')],
        ['X', t('shortcuts.select')],
        [t('shortcuts.rangeKeys'), t('shortcuts.range')],
        ['Enter', t('shortcuts.open')],
      ],
    },
  ] as const;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('shortcuts.title')}
      centered
      size="var(--k-size-dialog)"
      closeButtonProps={{ 'aria-label': t('actions.close') }}
      classNames={{ title: css.title }}
    >
      {groups.map((group) => (
        <section key={group.title} className={css.keys}>
          <h3>{group.title}</h3>
          <dl>
            {group.keys.map(([key, meaning]) => (
              <div key={key}>
                <dt>{meaning}</dt>
                <dd>
                  <Kbd>{key}</Kbd>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}
