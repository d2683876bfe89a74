import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import css from './form.module.css';
import { Notice } from './states.tsx';

/** A secret in the only moment in which it is known: what to do with it, the text with Copy, the warning, Done. */
export function ShowOnce({
  label,
  value,
  children,
  warning,
  notCopied,
  action,
  onDone,
}: {
  label: string;
  value: string;
  children: ReactNode;
  warning: string;
  notCopied: string;
  action: string;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<'yes' | 'no' | undefined>();
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(value);
      setCopied('yes');
    } catch {
      // Without a secure address or permission browsers refuse; the text stays there to be marked.
      setCopied('no');
    }
  };
  return (
    <div className={css.form}>
      <p className={css.formNote}>{children}</p>
      <TextInput
        label={label}
        value={value}
        readOnly
        data-autofocus
        onFocus={(event) => event.currentTarget.select()}
        error={copied === 'no' ? notCopied : undefined}
      />
      <Notice state="attention">{warning}</Notice>
      <div className={css.formActions}>
        <Button
          variant="filled"
          leftSection={copied === 'yes' ? <IconCheck size="1em" stroke={1.6} /> : <IconCopy size="1em" stroke={1.6} />}
          onClick={() => void copy()}
        >
          {t(copied === 'yes' ? 'actions.copied' : 'actions.copy')}
        </Button>
        <Button onClick={onDone}>{action}</Button>
      </div>
    </div>
  );
}
