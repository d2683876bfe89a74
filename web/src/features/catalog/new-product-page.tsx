import { useForm } from '@mantine/form';
import { useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useActor } from '../../api/actor.ts';
import { api } from '../../api/client.ts';
import { paths } from '../../lib/paths.ts';
import { useSave } from '../../ui/form.tsx';
import { Page as Screen, PageBody, PageHead, Stack } from '../../ui/page.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { Notice } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { inputOf, productChecks } from './product-checks.ts';
import { ProductFields } from './product-form.tsx';
import { differing, emptyValues, toCreate, toMembers } from './product-values.ts';
import type { ProductValues } from './product-values.ts';
import { keepProduct } from './queries.ts';

/** A new product; the same form as for an old one. */
export function Page() {
  const { t } = useTranslation('catalog');
  const router = useRouter();
  const { shop } = useActor();
  const form = useForm<ProductValues>({ initialValues: emptyValues(shop.currency), validate: productChecks(t) });
  const saving = useSave(form, {
    save: (values) => api.catalog.create(toCreate(values)),
    done: async (product) => {
      await keepProduct(product);
      toast(t('form.created', { sku: product.sku }));
      await router.navigate({ href: paths.product(product.id), replace: true });
    },
    fieldOf: inputOf,
  });
  const filled = differing(toMembers(emptyValues(form.values.currency)), toMembers(form.values));
  const fields = [...(form.values.sku.trim() === '' ? [] : [t('field.sku')]), ...filled.map((member) => t(`field.${member}`))];
  return (
    <Screen title={t('list.new')}>
      <PageHead trail={[{ label: t('list.title'), to: paths.products() }]} title={t('list.new')} />
      <PageBody reading>
        <form aria-label={t('list.new')} onSubmit={saving.submit} noValidate>
          <Stack>
            {saving.problem === undefined ? null : (
              <Notice state="bad" live>
                {saving.problem.message}
              </Notice>
            )}
            <ProductFields form={form} readOnly={false} />
          </Stack>
          <button type="submit" hidden />
        </form>
      </PageBody>
      <SaveBar
        fields={fields}
        saving={saving.saving}
        onSave={saving.submit}
        onDiscard={() => form.setValues(emptyValues(shop.currency))}
        saveLabel={t('form.create')}
        problem={saving.problem?.message}
      />
    </Screen>
  );
}
