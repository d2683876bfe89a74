import { useEffect, useMemo, useRef, useState } from 'react';
import { Menu } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, useLocation, useParams, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Product } from '../../../../server/src/modules/catalog/contract.ts';
import { useActor } from '../../api/actor.ts';
import { api } from '../../api/client.ts';
import { toProblem } from '../../api/problem.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import type { LoadArgs } from '../../routes.tsx';
import { confirm } from '../../ui/confirm.tsx';
import { useSave } from '../../ui/form.tsx';
import { Status } from '../../ui/glyph.tsx';
import { MoreMenu } from '../../ui/list-tools.tsx';
import { Columns, Page as Screen, PageBody, PageHead, Stack, Views } from '../../ui/page.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { toast, toastProblem } from '../../ui/toast.tsx';
import { usePhone } from '../../ui/use-phone.ts';
import { inputOf, productChecks } from './product-checks.ts';
import { statusShape } from './product-columns.tsx';
import { ProductConflict } from './product-conflict.tsx';
import { ProductFields } from './product-form.tsx';
import { ProductHistory } from './product-history.tsx';
import { ProductSummary } from './product-summary.tsx';
import { clashes, differing, firstChoice, patchOf, resolved, toMembers, toValues } from './product-values.ts';
import type { Choice, Member, ProductValues } from './product-values.ts';
import { invalidateProducts, keepProduct, productChannelsQuery, productQuery } from './queries.ts';

export const load = ({ queryClient, params }: LoadArgs) => queryClient.ensureQueryData(productQuery(params['id'] ?? ''));

/** One product: what it is, where it is offered, how many there are, and who changed what. */
export function Page() {
  const { id = '' } = useParams({ strict: false });
  const { data: product } = useSuspenseQuery(productQuery(id));
  return <ProductScreen key={id} product={product} />;
}

/** The API's own answer, seen in a refusal. */
const isProduct = (value: unknown): value is Product => typeof value === 'object' && value !== null && 'version' in value && 'images' in value;

interface Conflict {
  theirs: Product;
  choices: Partial<Record<Member, Choice>>;
}

function ProductScreen({ product }: { product: Product }) {
  const { t } = useTranslation('catalog');
  const router = useRouter();
  const { can } = useActor();
  const phone = usePhone();
  const here = useLocation({ select: (location) => location.pathname });
  const onDetails = here === paths.product(product.id);
  /** What the form began with; its version is the one a save names. */
  const [base, setBase] = useState(product);
  const savedOn = useRef(base);
  const [conflict, setConflict] = useState<Conflict | undefined>();
  const [leaving, setLeaving] = useState(false);
  const form = useForm<ProductValues>({ initialValues: toValues(product), validate: productChecks(t) });
  const baseMembers = useMemo(() => toMembers(toValues(base)), [base]);
  const mine = toMembers(form.values);
  const dirty = differing(baseMembers, mine);

  const adopt = (next: Product): void => {
    savedOn.current = next;
    setBase(next);
    form.setValues(toValues(next));
    form.clearErrors();
    setConflict(undefined);
  };
  // Somebody saved while this page only looked on: show it. While something is typed here, the save tells.
  const untouched = dirty.length === 0;
  useEffect(() => {
    if (untouched && product.version !== savedOn.current.version) adopt(product);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only a new version or the end of an edit matters
  }, [product, untouched]);

  const saving = useSave(form, {
    save: async (values) => {
      const from = savedOn.current;
      const patch = patchOf(toMembers(toValues(from)), toMembers(values));
      return Object.keys(patch).length === 0 ? from : api.catalog.update({ id: from.id, version: from.version, ...patch });
    },
    done: async (saved) => {
      adopt(saved);
      await keepProduct(saved);
      toast(t('form.saved'));
    },
    handle: (problem) => {
      const theirs = problem.code === 'resource.stale' && isProduct(problem.data['current']) ? problem.data['current'] : undefined;
      if (theirs === undefined) return false;
      const found = clashes(toMembers(toValues(savedOn.current)), toMembers(form.getValues()), toMembers(toValues(theirs)));
      setConflict({ theirs, choices: Object.fromEntries(found.map((clash) => [clash.member, firstChoice(clash)])) });
      void invalidateProducts();
      if (!onDetails) void router.navigate({ href: paths.product(product.id) });
      return true;
    },
    fieldOf: inputOf,
  });
  const found = conflict === undefined ? [] : clashes(baseMembers, mine, toMembers(toValues(conflict.theirs)));
  const save = (): void => {
    if (conflict === undefined) return saving.submit();
    const taken = found.filter((clash) => (conflict.choices[clash.member] ?? firstChoice(clash)) === 'theirs').map((clash) => clash.member);
    form.setValues(resolved(form.getValues(), toValues(conflict.theirs), taken));
    savedOn.current = conflict.theirs;
    setBase(conflict.theirs);
    setConflict(undefined);
    return saving.submit();
  };

  const remove = async (): Promise<void> => {
    if (
      !(await confirm({
        title: t('delete.title', { title: product.title }),
        body: t('delete.body', { sku: product.sku }),
        action: t('delete.action'),
        danger: true,
      }))
    )
      return;
    try {
      await api.catalog.remove({ id: product.id });
      setLeaving(true);
      toast(t('delete.done', { sku: product.sku }));
      await router.navigate({ href: paths.products(), replace: true });
    } catch (error) {
      const problem = toProblem(error);
      if (problem.code !== 'product.in_use' || product.status === 'archived') return toastProblem(error);
      if (await confirm({ title: t('delete.inUse'), body: problem.message, action: t('delete.archive'), keep: t('delete.keep') })) await archive();
    }
  };
  const archive = async (): Promise<void> => {
    try {
      const saved = await api.catalog.update({ id: product.id, version: savedOn.current.version, status: 'archived' });
      adopt(saved);
      await keepProduct(saved);
      toast(t('delete.archived'));
    } catch (error) {
      toastProblem(error);
    }
  };

  return (
    <Screen title={product.title}>
      <PageHead
        trail={[{ label: t('list.title'), to: paths.products() }]}
        title={product.title}
        note={
          <Status state={statusShape[product.status]} quiet>
            {t(`status.${product.status}`)}
          </Status>
        }
        actions={
          can('catalog.write') ? (
            <MoreMenu bordered>
              {product.status === 'archived' ? null : (
                <Menu.Item onClick={() => void archive()} disabled={!untouched}>
                  {t('delete.archive')}
                </Menu.Item>
              )}
              <Menu.Item color="bad" onClick={() => void remove()}>
                {t('delete.ask')}
              </Menu.Item>
            </MoreMenu>
          ) : undefined
        }
      />
      <PageBody>
        <Columns summary={phone && !onDetails ? undefined : <ProductSummary product={product} />} aside={<ProductHistory product={product} />}>
          <Tabs product={product} here={here} />
          {conflict === undefined || !onDetails ? null : (
            <ProductConflict
              theirs={conflict.theirs}
              mine={mine}
              found={found}
              choices={conflict.choices}
              onChoose={(member, choice) => setConflict({ ...conflict, choices: { ...conflict.choices, [member]: choice } })}
            />
          )}
          {onDetails ? (
            <form
              aria-label={t('tab.details')}
              onSubmit={(event) => {
                event.preventDefault();
                if (dirty.length > 0) save();
              }}
            >
              <Stack>
                <ProductFields form={form} product={product} readOnly={!can('catalog.write')} />
              </Stack>
              <button type="submit" hidden />
            </form>
          ) : (
            <Outlet />
          )}
        </Columns>
      </PageBody>
      <SaveBar
        fields={leaving ? [] : dirty.map((member) => t(`field.${member}`))}
        saving={saving.saving}
        onSave={save}
        onDiscard={() => adopt(conflict?.theirs ?? product)}
        saveLabel={conflict === undefined ? undefined : t('conflict.saveAgain')}
        problem={conflict === undefined ? saving.problem?.message : t('conflict.brief')}
        within={paths.product(product.id)}
      />
    </Screen>
  );
}

function Tabs({ product, here }: { product: Product; here: string }) {
  const { t } = useTranslation('catalog');
  const { can } = useActor();
  const channels = useQuery(productChannelsQuery(product.id)).data?.items;
  const tabs = [
    { to: paths.product(product.id), label: t('tab.details') },
    { to: paths.product(product.id, 'channels'), label: t('tab.channels'), count: channels === undefined ? undefined : formatNumber(channels.length) },
    ...(can('inventory.read')
      ? [{ to: paths.product(product.id, 'stock'), label: t('tab.stock'), count: product.stock === null ? undefined : formatNumber(product.stock.available) }]
      : []),
  ];
  return <Views inset label={t('tab.label')} views={tabs.map((tab) => ({ ...tab, active: here === tab.to }))} />;
}
