import { Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { Category } from '../../../../server/src/modules/catalog/contract.ts';
import { FormFrame, useSave } from '../../ui/form.tsx';
import { QuickLook } from '../../ui/quick-look.tsx';
import { toast } from '../../ui/toast.tsx';
import { limits } from './product-checks.ts';
import { createCategory } from './queries.ts';

interface Props {
  opened: boolean;
  onClose: () => void;
  categories: readonly Category[];
  /** Where it is put at first: beneath what is chosen now. */
  parentId: string | null;
  onMade: (category: Category) => void;
}

/** Makes a category without leaving the product. */
export function NewCategory(props: Props) {
  const { t } = useTranslation('catalog');
  return (
    <QuickLook opened={props.opened} onClose={props.onClose} title={t('category.new')}>
      {props.opened ? <CategoryForm {...props} /> : null}
    </QuickLook>
  );
}

function CategoryForm({ categories, parentId, onClose, onMade }: Props) {
  const { t } = useTranslation('catalog');
  const form = useForm<{ name: string; parentId: string | null }>({
    mode: 'uncontrolled',
    initialValues: { name: '', parentId },
    validate: { name: (name) => (name.trim() === '' ? t('check.required') : null) },
  });
  const saving = useSave(form, {
    save: ({ name, parentId: under }) => createCategory({ name: name.trim(), parentId: under }),
    done: (category) => {
      onMade(category);
      onClose();
      toast(t('category.made', { path: category.path }));
    },
    handle: (problem) => problem.code === 'category.name_taken' && (form.setFieldError('name', problem.message), true),
  });
  return (
    <FormFrame saving={saving} action={t('category.create')} onCancel={onClose} cancel={t('category.cancel')}>
      <TextInput {...form.getInputProps('name')} key={form.key('name')} label={t('category.name')} maxLength={limits.categoryName} data-autofocus />
      <Select
        {...form.getInputProps('parentId')}
        key={form.key('parentId')}
        label={t('category.parent')}
        data={categories.map((category) => ({ value: category.id, label: category.path }))}
        searchable
        clearable
        limit={100}
        placeholder={t('category.top')}
      />
    </FormFrame>
  );
}
