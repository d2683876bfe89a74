import { useState } from 'react';
import { ActionIcon, Autocomplete, Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Product } from '../../../../server/src/modules/catalog/contract.ts';
import { useActor } from '../../api/actor.ts';
import { FieldGroup, FieldRow } from '../../ui/form.tsx';
import css from './catalog.module.css';
import { NewCategory } from './new-category.tsx';
import { limits } from './product-checks.ts';
import { Images, Pairs } from './product-lists.tsx';
import type { ProductValues } from './product-values.ts';
import { brandsQuery, categoriesQuery, tagsQuery } from './queries.ts';

export type ProductForm = UseFormReturnType<ProductValues>;

const icon = { size: '1em', stroke: 1.6 } as const;
const usual = ['EUR', 'RON', 'TRY', 'USD', 'GBP'];
const unit = (text: string) => ({
  rightSection: <span className={css.unit}>{text}</span>,
  rightSectionWidth: '3.5em',
  rightSectionPointerEvents: 'none' as const,
  inputMode: 'decimal' as const,
  autoComplete: 'off',
});

/** All of a product that a person sets; the same for a new one and an old one. */
export function ProductFields({ form, product, readOnly }: { form: ProductForm; product?: Product; readOnly: boolean }) {
  const { t } = useTranslation('catalog');
  const { can, shop, companies } = useActor();
  const [naming, setNaming] = useState(false);
  const categories = useQuery(categoriesQuery).data ?? [];
  const tags = useQuery(tagsQuery).data ?? [];
  const brands = useQuery(brandsQuery).data ?? [];
  const { values } = form;
  const input = (path: string) => ({ ...form.getInputProps(path), readOnly, variant: readOnly ? 'filled' : 'default' });
  const currencies = [...new Set([values.currency, values.costCurrency, shop.currency, ...companies.map((company) => company.currency), ...usual])];
  const kind = product === undefined || product.barcode !== values.barcode.trim() ? undefined : t(`barcode.${product.barcodeKind ?? 'other'}`);
  return (
    <>
      <FieldGroup title={t('form.about')}>
        <FieldRow>
          <TextInput
            {...input('sku')}
            label={t('field.sku')}
            maxLength={limits.sku}
            readOnly={readOnly || product !== undefined}
            variant={product === undefined ? 'default' : 'filled'}
            description={t(product === undefined ? 'form.skuHelp' : 'form.skuFixed')}
            withAsterisk={product === undefined}
            autoFocus={product === undefined}
          />
          <Select
            {...form.getInputProps('status')}
            label={t('field.status')}
            data={(['draft', 'active', 'archived'] as const).map((value) => ({ value, label: t(`status.${value}`) }))}
            allowDeselect={false}
            checkIconPosition="right"
            disabled={readOnly}
            description={t(`statusHelp.${values.status}`)}
          />
        </FieldRow>
        <TextInput {...input('title')} label={t('field.title')} maxLength={limits.title} withAsterisk />
        <Textarea {...input('description')} label={t('field.description')} autosize minRows={4} maxRows={16} />
        <FieldRow>
          <Autocomplete {...input('brand')} label={t('field.brand')} data={brands} maxLength={limits.brand} limit={20} />
          <TextInput
            {...input('barcode')}
            label={t('field.barcode')}
            maxLength={limits.barcode}
            description={values.barcode.trim() === '' ? t('barcode.help') : kind}
            autoComplete="off"
          />
        </FieldRow>
        <FieldRow>
          <div className={css.withButton}>
            <Select
              {...form.getInputProps('categoryId')}
              label={t('field.category')}
              data={categories.map((category) => ({ value: category.id, label: category.path }))}
              searchable
              clearable
              limit={100}
              disabled={readOnly}
              placeholder={t('form.noCategory')}
              nothingFoundMessage={t('form.noSuchCategory')}
            />
            {readOnly ? null : (
              <ActionIcon variant="default" aria-label={t('category.new')} title={t('category.new')} onClick={() => setNaming(true)}>
                <IconPlus {...icon} />
              </ActionIcon>
            )}
          </div>
          <TagsInput
            classNames={{ input: css.pills }}
            {...form.getInputProps('tags')}
            label={t('field.tags')}
            data={tags}
            limit={50}
            maxTags={limits.tags}
            splitChars={[',']}
            readOnly={readOnly}
            placeholder={values.tags.length === 0 ? t('form.tagsHint') : undefined}
          />
        </FieldRow>
      </FieldGroup>

      <FieldGroup title={t('form.money')}>
        <FieldRow>
          <div className={css.money}>
            <TextInput {...input('price')} label={t('field.price')} withAsterisk inputMode="decimal" autoComplete="off" />
            <Select
              {...form.getInputProps('currency')}
              label={'\u00a0'}
              aria-label={t('field.currency')}
              data={currencies}
              searchable
              allowDeselect={false}
              withCheckIcon={false}
              disabled={readOnly}
            />
          </div>
          <TextInput {...input('compareAtPrice')} {...unit(values.currency)} label={t('field.compareAtPrice')} description={t('form.compareHelp')} />
        </FieldRow>
        <FieldRow>
          <TextInput {...input('vatRate')} {...unit('%')} label={t('field.vatRate')} />
          {can('costs.read') ? (
            <div className={css.money}>
              <TextInput
                {...input('cost')}
                label={t('field.cost')}
                readOnly={readOnly || !can('costs.write')}
                description={t('form.costHelp')}
                inputMode="decimal"
                autoComplete="off"
              />
              <Select
                {...form.getInputProps('costCurrency')}
                label={'\u00a0'}
                aria-label={t('form.costCurrency')}
                data={currencies}
                searchable
                allowDeselect={false}
                withCheckIcon={false}
                disabled={readOnly || !can('costs.write')}
              />
            </div>
          ) : (
            <span />
          )}
        </FieldRow>
      </FieldGroup>

      <FieldGroup title={t('form.parcel')}>
        <FieldRow>
          <TextInput {...input('weightGrams')} {...unit('g')} label={t('field.weightGrams')} />
          <TextInput {...input('lengthMm')} {...unit('mm')} label={t('field.lengthMm')} />
          <TextInput {...input('widthMm')} {...unit('mm')} label={t('field.widthMm')} />
          <TextInput {...input('heightMm')} {...unit('mm')} label={t('field.heightMm')} />
        </FieldRow>
        <TextInput {...input('warehouseLocation')} label={t('field.warehouseLocation')} maxLength={limits.warehouseLocation} />
      </FieldGroup>

      <FieldGroup title={t('form.variants')} help={t('form.variantsHelp')}>
        <FieldRow>
          <TextInput {...input('groupHandle')} label={t('field.groupHandle')} maxLength={limits.groupHandle} description={t('form.groupHelp')} />
          <TextInput {...input('groupTitle')} label={t('field.groupTitle')} maxLength={limits.title} disabled={values.groupHandle.trim() === ''} />
        </FieldRow>
        <Pairs
          form={form}
          list="options"
          max={limits.options}
          add={t('form.addOption')}
          nameLabel={t('form.optionName')}
          valueLabel={t('form.optionValue')}
          valueMax={limits.optionValue}
          readOnly={readOnly}
        />
      </FieldGroup>

      <FieldGroup title={t('field.attributes')} help={t('form.attributesHelp')}>
        <Pairs
          form={form}
          list="attributes"
          max={limits.attributes}
          add={t('form.addAttribute')}
          nameLabel={t('form.attributeName')}
          valueLabel={t('form.attributeValue')}
          valueMax={limits.attributeValue}
          readOnly={readOnly}
        />
      </FieldGroup>

      <FieldGroup title={t('field.images')} help={t('form.imagesHelp')}>
        <Images form={form} readOnly={readOnly} />
        <TextInput {...input('driveFolderUrl')} label={t('field.driveFolderUrl')} type="url" maxLength={limits.url} />
      </FieldGroup>
      <NewCategory
        opened={naming}
        onClose={() => setNaming(false)}
        categories={categories}
        parentId={values.categoryId}
        onMade={(category) => form.setFieldValue('categoryId', category.id)}
      />
    </>
  );
}
