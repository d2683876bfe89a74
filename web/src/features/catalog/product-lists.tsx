import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Thumb } from '../../ui/cells.tsx';
import css from './catalog.module.css';
import { limits } from './product-checks.ts';
import type { ProductForm } from './product-form.tsx';
import { emptyImage, emptyPair } from './product-values.ts';

const icon = { size: '1em', stroke: 1.6 } as const;

interface PairsProps {
  form: ProductForm;
  list: 'options' | 'attributes';
  max: number;
  valueMax: number;
  add: string;
  nameLabel: string;
  valueLabel: string;
  readOnly: boolean;
}

/** Names with values, in order. */
export function Pairs({ form, list, max, valueMax, add, nameLabel, valueLabel, readOnly }: PairsProps) {
  const { t } = useTranslation('catalog');
  const rows = form.values[list];
  return (
    <div className={css.rows}>
      {rows.map((row, index) => (
        <div key={row.key} className={css.pair}>
          <TextInput
            {...form.getInputProps(`${list}.${index}.name`)}
            aria-label={`${nameLabel} ${index + 1}`}
            placeholder={nameLabel}
            maxLength={limits.optionName}
            readOnly={readOnly}
          />
          <TextInput
            {...form.getInputProps(`${list}.${index}.value`)}
            aria-label={row.name.trim() === '' ? `${valueLabel} ${index + 1}` : row.name}
            placeholder={valueLabel}
            maxLength={valueMax}
            readOnly={readOnly}
          />
          {readOnly ? null : (
            <ActionIcon
              aria-label={t('form.removeRow', { name: row.name.trim() === '' ? `${index + 1}` : row.name })}
              onClick={() => form.removeListItem(list, index)}
            >
              <IconX {...icon} />
            </ActionIcon>
          )}
        </div>
      ))}
      {readOnly || rows.length >= max ? null : (
        <Button leftSection={<IconPlus {...icon} />} onClick={() => form.insertListItem(list, emptyPair())}>
          {add}
        </Button>
      )}
    </div>
  );
}

/** Addresses of pictures; the first is shown in lists. */
export function Images({ form, readOnly }: { form: ProductForm; readOnly: boolean }) {
  const { t } = useTranslation('catalog');
  const { images } = form.values;
  return (
    <div className={css.rows}>
      {images.map((image, index) => (
        <div key={image.key} className={css.image}>
          <Thumb src={image.url.trim()} large />
          <TextInput
            {...form.getInputProps(`images.${index}.url`)}
            aria-label={t('form.imageAddress', { place: index + 1 })}
            placeholder="https://"
            maxLength={limits.url}
            readOnly={readOnly}
          />
          <TextInput
            {...form.getInputProps(`images.${index}.alt`)}
            aria-label={t('form.imageAlt', { place: index + 1 })}
            placeholder={t('form.imageAltHint')}
            maxLength={limits.alt}
            readOnly={readOnly}
          />
          {readOnly ? null : (
            <span className={css.tools}>
              <ActionIcon
                variant="transparent"
                aria-label={t('form.imageUp', { place: index + 1 })}
                disabled={index === 0}
                onClick={() => form.reorderListItem('images', { from: index, to: index - 1 })}
              >
                <IconArrowUp {...icon} />
              </ActionIcon>
              <ActionIcon
                variant="transparent"
                aria-label={t('form.imageDown', { place: index + 1 })}
                disabled={index === images.length - 1}
                onClick={() => form.reorderListItem('images', { from: index, to: index + 1 })}
              >
                <IconArrowDown {...icon} />
              </ActionIcon>
              <ActionIcon variant="transparent" aria-label={t('form.imageRemove', { place: index + 1 })} onClick={() => form.removeListItem('images', index)}>
                <IconX {...icon} />
              </ActionIcon>
            </span>
          )}
        </div>
      ))}
      {readOnly || images.length >= limits.images ? null : (
        <Button leftSection={<IconPlus {...icon} />} onClick={() => form.insertListItem('images', emptyImage())}>
          {t('form.addImage')}
        </Button>
      )}
    </div>
  );
}
