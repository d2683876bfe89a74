import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import common from '../locales/en/common.ts';
import type { Namespaces } from '../locales/en/index.ts';

/*
 * One namespace per feature, loaded with its page. English is the source: its files type every key, so a missing or
 * misspelt key does not compile. A language appears in the switch as soon as it has a folder beside `en`.
 */

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: Namespaces;
  }
}

type Loader = () => Promise<{ default: Record<string, unknown> }>;
const files = import.meta.glob<{ default: Record<string, unknown> }>(['../locales/*/*.ts', '!../locales/*/index.ts', '!../locales/en/common.ts']);

const names = { en: 'English', ro: 'Română', tr: 'Türkçe' } as const;
/** Numbers and dates follow the language; English means the European form: 22 November, 24 hours. */
const locales = { en: 'en-GB', ro: 'ro-RO', tr: 'tr-TR' } as const;
export type Language = keyof typeof names;

/** Languages that have texts, for the switch; shown only when there are two or more. */
export const languages: readonly { value: Language; label: string }[] = (Object.keys(names) as Language[])
  .filter((language) => language === 'en' || `../locales/${language}/common.ts` in files)
  .map((value) => ({ value, label: names[value] }));

const remembered = (): Language => {
  const stored = localStorage.getItem('karavan.language');
  return languages.find((language) => language.value === stored)?.value ?? 'en';
};

export const currentLocale = (): string => locales[(i18next.language as Language | undefined) ?? 'en'] ?? locales.en;

export async function setLanguage(language: Language): Promise<void> {
  localStorage.setItem('karavan.language', language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

export async function startI18n(): Promise<void> {
  await i18next
    .use(initReactI18next)
    .use({
      type: 'backend',
      init: () => undefined,
      read: (language: string, namespace: string, done: (error: Error | null, texts: Record<string, unknown> | false) => void) => {
        const load: Loader | undefined = files[`../locales/${language}/${namespace}.ts`];
        if (load === undefined) done(null, {});
        else
          load().then(
            (file) => done(null, file.default),
            (error: unknown) => done(error as Error, false),
          );
      },
    })
    .init({
      lng: remembered(),
      fallbackLng: 'en',
      ns: ['common'],
      defaultNS: 'common',
      partialBundledLanguages: true,
      resources: { en: { common } },
      interpolation: { escapeValue: false },
      returnNull: false,
    });
  document.documentElement.lang = i18next.language;
}

export { i18next };
