import { useId, useRef, useState } from 'react';
import { Button, Progress } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatPercent, formatSize } from '../lib/format.ts';
import css from './form.module.css';

/** A place for one file. Refuses the wrong kind and size before anything is sent; `sending` (0 to 1) shows the way up. */
export function FileDrop({
  label,
  accept,
  limitBytes,
  file,
  onFile,
  sending,
  help,
}: {
  label: string;
  /** `.csv,.tsv` */
  accept: string;
  limitBytes: number;
  file: File | undefined;
  onFile: (file: File | undefined) => void;
  sending?: number;
  help?: string;
}) {
  const { t } = useTranslation();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [error, setError] = useState<string | undefined>();
  const take = (next: File | undefined): void => {
    if (next === undefined) return;
    const kinds = accept.split(',').map((kind) => kind.trim().toLowerCase());
    if (!kinds.some((kind) => next.name.toLowerCase().endsWith(kind))) setError(t('file.wrongType', { accept }));
    else if (next.size > limitBytes) setError(t('file.tooLarge', { size: formatSize(next.size), limit: formatSize(limitBytes) }));
    else {
      setError(undefined);
      onFile(next);
    }
  };
  return (
    <div
      data-over={over || undefined}
      className={css.dropFrame}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files[0]);
      }}
    >
      <label htmlFor={id} className={css.drop}>
        <input
          ref={input}
          id={id}
          type="file"
          accept={accept}
          aria-label={label}
          disabled={sending !== undefined}
          onChange={(event) => {
            take(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
        <IconUpload size="1.4em" stroke={1.6} aria-hidden />
        {file === undefined ? (
          <span>
            {t('file.drop')} <span className={css.dropLink}>{t('file.choose')}</span>
          </span>
        ) : (
          <span>{t('file.chosen', { name: file.name, size: formatSize(file.size) })}</span>
        )}
        {help === undefined || file !== undefined ? null : <span className={css.formNote}>{help}</span>}
        {sending === undefined ? null : (
          <>
            <Progress value={sending * 100} size="sm" w="100%" aria-label={label} />
            <span className={css.formNote}>{t('file.sending', { percent: `${formatPercent(sending, { places: 0 })} %` })}</span>
          </>
        )}
        {file !== undefined && sending === undefined ? (
          <Button
            variant="subtle"
            size="xs"
            onClick={(event) => {
              event.preventDefault();
              onFile(undefined);
              input.current?.click();
            }}
          >
            {t('file.remove')}
          </Button>
        ) : null}
        {error === undefined ? null : (
          <span className={css.dropError} role="alert">
            {error}
          </span>
        )}
      </label>
    </div>
  );
}
