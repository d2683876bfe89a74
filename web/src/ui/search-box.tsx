import { useEffect, useRef, useState } from 'react';
import { ActionIcon, TextInput } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../lib/keyboard.ts';
import css from './filter.module.css';

/** The search of a list: `/` focuses it, Esc clears it; `onChange` comes 200 ms after the last key. */
export function SearchBox({ value, onChange, placeholder }: { value: string | undefined; onChange: (q: string | undefined) => void; placeholder: string }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(value ?? '');
  const sent = useRef(value ?? '');
  const report = useRef(onChange);
  useEffect(() => {
    report.current = onChange;
  });
  // The address may change without us: Back, a view, "clear filters".
  useEffect(() => {
    if ((value ?? '') !== sent.current) {
      sent.current = value ?? '';
      setDraft(value ?? '');
    }
  }, [value]);
  useEffect(() => {
    if (draft === sent.current) return undefined;
    const timer = window.setTimeout(() => {
      sent.current = draft;
      report.current(draft.trim() === '' ? undefined : draft.trim());
    }, 200);
    return () => window.clearTimeout(timer);
  }, [draft]);
  useKeys({ '/': () => input.current?.select() });
  return (
    <TextInput
      ref={input}
      type="search"
      className={css.search}
      value={draft}
      maxLength={200}
      placeholder={placeholder}
      aria-label={`${t('list.search')}: ${placeholder}`}
      leftSection={<IconSearch size="1em" stroke={1.6} />}
      rightSection={
        draft === '' ? (
          <kbd className={css.slash} aria-hidden>
            /
          </kbd>
        ) : (
          <ActionIcon size="sm" aria-label={t('actions.clear')} onClick={() => setDraft('')}>
            <IconX size="0.8em" stroke={1.6} />
          </ActionIcon>
        )
      }
      onChange={(event) => setDraft(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          setDraft('');
          event.currentTarget.blur();
        }
        // Enter goes on into the list.
        if (event.key === 'Enter') event.currentTarget.blur();
      }}
    />
  );
}
