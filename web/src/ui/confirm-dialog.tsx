import { useState } from 'react';
import { Button, Modal, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Question } from './confirm.tsx';
import css from './form.module.css';

/** The dialog of `confirm()`: Enter does the deed, Esc keeps things as they are. */
export function ConfirmDialog({ question, answer }: { question: Question; answer: (yes: boolean) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const ready = question.typed === undefined || typed === question.typed;
  return (
    <Modal
      opened
      onClose={() => answer(false)}
      title={question.title}
      centered
      size="var(--k-size-dialog)"
      withCloseButton={false}
      classNames={{ title: css.dialogTitle, header: css.dialogHead }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) answer(true);
        }}
      >
        <div className={css.dialogBody}>{question.body}</div>
        {question.typed === undefined ? null : (
          <TextInput
            data-autofocus
            aria-label={question.typed}
            placeholder={question.typed}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
        <div className={css.dialogActions}>
          <Button onClick={() => answer(false)}>{question.keep ?? t('actions.cancel')}</Button>
          <Button
            type="submit"
            variant="filled"
            color={question.danger ? 'bad' : undefined}
            data-autofocus={question.typed === undefined || undefined}
            disabled={!ready}
          >
            {question.action}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
