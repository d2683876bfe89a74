/**
 * Karavan's look: the only file that holds a colour or a pixel value.
 * Features use Mantine props (`c`, `p`, `radius`) or the CSS variables named `--k-…` below.
 */
import { createTheme, defaultVariantColorsResolver } from '@mantine/core';
import type {
  ActionIconFactory,
  BadgeFactory,
  ButtonFactory,
  CheckboxFactory,
  CloseButtonFactory,
  CSSVariablesResolver,
  DrawerFactory,
  ExtendComponent,
  FactoryPayload,
  InputFactory,
  InputWrapperFactory,
  KbdFactory,
  MantineColorsTuple,
  MenuFactory,
  ModalFactory,
  PaperFactory,
  PasswordInputFactory,
  SegmentedControlFactory,
  SwitchFactory,
  TooltipFactory,
  VariantColorsResolver,
} from '@mantine/core';

/* ── Colour ──────────────────────────────────────────────────────────── */

/** Neutral with a trace of blue; the light scheme's greys. */
const gray: MantineColorsTuple = ['#fafafb', '#f5f5f7', '#ededf0', '#e4e4e9', '#d4d5db', '#8e919b', '#696b75', '#50525b', '#33353c', '#17181c'];

/** The dark scheme's greys. Mantine looks up fixed places: 0 text, 2 dimmed, 3 placeholder, 4 border, 5 hover, 6 raised, 7 body. */
const ink: MantineColorsTuple = ['#ecedf1', '#c9cbd3', '#a3a6b1', '#868a96', '#2b2d33', '#202227', '#191a1e', '#121316', '#0d0e10', '#08090a'];

/** Cobalt. Selection, links, focus, the one primary action. Never a status. */
const accent: MantineColorsTuple = ['#eef2ff', '#dfe6ff', '#c3d0ff', '#a3b6fd', '#7f98f8', '#5c7af0', '#3c5bdc', '#2f4bc0', '#263d9a', '#1d2f76'];

const good: MantineColorsTuple = ['#e9f6ee', '#d3ecdd', '#a9dabc', '#7dc899', '#5cc58b', '#34a866', '#1f9254', '#167544', '#115c36', '#0c4428'];
const attention: MantineColorsTuple = ['#fdf4e2', '#fae7c2', '#f4d088', '#edbb57', '#e6b04a', '#c77f05', '#b97808', '#8a5705', '#6b4404', '#4d3103'];
const bad: MantineColorsTuple = ['#fdeeec', '#fbdad6', '#f6b3ab', '#f3938a', '#f58178', '#e5483b', '#cf2f22', '#b3261b', '#8c1e15', '#681610'];
const info: MantineColorsTuple = ['#e6f4f8', '#cde9f1', '#9ed3e2', '#70bed4', '#56bad2', '#1e9cb9', '#0d84a1', '#0b6781', '#095166', '#073c4c'];

export type Meaning = 'good' | 'attention' | 'bad' | 'info';

/** Foreground passes 4.5:1 on the body and on its own `soft` ground; `mark` is for dots, bars and icons (3:1). */
const meanings = {
  light: {
    good: { fg: good[7], mark: good[6], soft: good[0] },
    attention: { fg: attention[7], mark: attention[5], soft: attention[0] },
    bad: { fg: bad[7], mark: bad[6], soft: bad[0] },
    info: { fg: info[7], mark: info[6], soft: info[0] },
  },
  dark: {
    good: { fg: good[4], mark: good[5], soft: '#14261c' },
    attention: { fg: attention[4], mark: '#da9412', soft: '#2a2112' },
    bad: { fg: bad[4], mark: bad[5], soft: '#321918' },
    info: { fg: info[4], mark: info[5], soft: '#11262d' },
  },
} satisfies Record<'light' | 'dark', Record<Meaning, { fg: string; mark: string; soft: string }>>;

/**
 * Series colours, given to channels and ad accounts in the order they are connected and kept for life.
 * None is a meaning or the accent, so a line can never be mistaken for a status or a link.
 */
export const chartPalette = {
  light: ['#8b4fb0', '#b06a33', '#76852a', '#5d6f86', '#bd5a86', '#7d5a4f'],
  dark: ['#bd8fe0', '#d99c68', '#aebb60', '#93a5bd', '#e08fb3', '#c0a093'],
} as const;

const surfaces = {
  light: {
    body: '#ffffff',
    nav: gray[1],
    sunken: gray[0],
    raised: '#ffffff',
    hover: gray[1],
    selected: accent[0],
    line: gray[3],
    lineSoft: gray[2],
    lineStrong: gray[4],
    text: gray[9],
    text2: gray[7],
    text3: gray[6],
    off: '#8a8d97',
    accentText: accent[7],
    added: good[0],
    removed: bad[0],
    /* Measures in charts: what is proved is accent, what a platform claims is grey, what we pay is grey. */
    proved: accent[6],
    claimed: gray[6],
    paid: '#8f94a2',
    shade: 'rgb(23 24 28 / 5%)',
  },
  dark: {
    body: ink[7],
    nav: ink[8],
    sunken: '#151619',
    raised: ink[6],
    hover: ink[5],
    selected: '#1b2240',
    line: ink[4],
    lineSoft: '#222429',
    lineStrong: '#3c3f47',
    text: ink[0],
    text2: ink[2],
    text3: '#8b8f9b',
    off: '#71757f',
    accentText: accent[3],
    added: '#14261c',
    removed: '#321918',
    proved: accent[4],
    claimed: '#8b8f9b',
    paid: '#636875',
    shade: 'rgb(255 255 255 / 5%)',
  },
} as const;

/* ── Measure ─────────────────────────────────────────────────────────── */

/** Row heights and the few fixed widths; all on the 4 px grid. */
export const measure = {
  row: 36,
  rowCompact: 28,
  rowHead: 32,
  control: 28,
  controlLarge: 32,
  touch: 44,
  header: 48,
  nav: 216,
  aside: 320,
  drawer: 480,
  thumb: 24,
  dot: 8,
  /* The grid itself, a hairline, a focus ring, and what the kit's own parts need beyond the spacing scale. */
  unit: 4,
  hair: 1,
  ring: 2,
  glyph: 12,
  mark: 18,
  icon: 16,
  banner: 28,
  title: 56,
  bar: 48,
  views: 36,
  tabbar: 56,
  navItem: 28,
  spark: 56,
  sparkHigh: 18,
  meter: 40,
  bulk: 44,
  dialog: 420,
  gate: 400,
  reading: 640,
  wide: 1760,
  popover: 240,
  card: 74,
  logo: 20,
} as const;

const px = (n: number): string => `${n}px`;
const fontStack = "'Inter Variable', ui-sans-serif, system-ui, 'Segoe UI', sans-serif";
const monoStack = "ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, monospace";

/** A `light` badge or alert in one of the four meanings takes our measured pair instead of Mantine's computed tint. */
const variantColorResolver: VariantColorsResolver = (input) =>
  input.variant === 'light' && input.color !== undefined && input.color in meanings.light
    ? { background: `var(--k-${input.color}-soft)`, hover: `var(--k-${input.color}-soft)`, color: `var(--k-${input.color})`, border: 'none' }
    : defaultVariantColorsResolver(input);

/* ── Theme ───────────────────────────────────────────────────────────── */

/** A typed part of the theme that does not load its component: a page pays only for what it draws. */
const part = <F extends FactoryPayload>(look: ExtendComponent<F>): ExtendComponent<F> => look;

export const theme = createTheme({
  fontFamily: fontStack,
  fontFamilyMonospace: monoStack,
  colors: { gray, dark: ink, accent, good, attention, bad, info },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 6 },
  white: '#ffffff',
  black: gray[9],
  variantColorResolver,
  cursorType: 'pointer',
  respectReducedMotion: true,
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  /* xs label and axis, sm secondary, md table (13), lg base (14), xl page title. */
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '14px', xl: '18px' },
  lineHeights: { xs: '16px', sm: '16px', md: '20px', lg: '20px', xl: '24px' },
  headings: {
    fontFamily: fontStack,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '18px', lineHeight: '24px' },
      h2: { fontSize: '14px', lineHeight: '20px' },
      h3: { fontSize: '13px', lineHeight: '20px' },
      h4: { fontSize: '12px', lineHeight: '16px' },
      h5: { fontSize: '11px', lineHeight: '16px' },
      h6: { fontSize: '11px', lineHeight: '16px' },
    },
  },
  shadows: {
    xs: '0 1px 1px rgb(16 17 20 / 4%)',
    sm: '0 1px 2px rgb(16 17 20 / 6%)',
    md: '0 4px 12px rgb(16 17 20 / 10%), 0 0 0 1px rgb(16 17 20 / 5%)',
    lg: '0 8px 24px rgb(16 17 20 / 14%), 0 0 0 1px rgb(16 17 20 / 6%)',
    xl: '0 16px 40px rgb(16 17 20 / 18%), 0 0 0 1px rgb(16 17 20 / 6%)',
  },
  components: {
    Button: part<ButtonFactory>({
      defaultProps: { size: 'sm', variant: 'default' },
      vars: (_theme, props) => ({
        root: {
          '--button-height': props.size === 'md' ? px(measure.controlLarge) : props.size === 'xs' ? '24px' : px(measure.control),
          '--button-padding-x': props.size === 'xs' ? '8px' : '10px',
          '--button-fz': props.size === 'xs' ? '12px' : '13px',
        },
      }),
      styles: { root: { fontWeight: 500 } },
    }),
    ActionIcon: part<ActionIconFactory>({
      defaultProps: { size: measure.control, variant: 'subtle', color: 'gray' },
    }),
    Input: part<InputFactory>({
      defaultProps: { size: 'sm' },
      vars: () => ({
        wrapper: { '--input-height': px(measure.control), '--input-fz': '13px', '--input-padding-y': '0px' },
        input: {},
      }),
    }),
    InputWrapper: part<InputWrapperFactory>({
      /* Help under the input, so that fields beside each other line up. */
      defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] },
      styles: { label: { marginBottom: '4px' }, description: { marginTop: '4px', lineHeight: '16px' }, error: { marginTop: '4px', lineHeight: '16px' } },
      vars: () => ({
        label: { '--input-label-size': '12px' },
        error: { '--input-error-size': '12px' },
        description: { '--input-description-size': '12px' },
        success: {},
      }),
    }),
    PasswordInput: part<PasswordInputFactory>({ vars: () => ({ root: { '--psi-icon-size': '16px', '--psi-button-size': '24px' } }) }),
    Checkbox: part<CheckboxFactory>({
      defaultProps: { size: 'xs', radius: 'sm' },
      styles: { label: { fontSize: '13px', lineHeight: '20px' }, body: { alignItems: 'center' } },
    }),
    Switch: part<SwitchFactory>({ defaultProps: { size: 'sm' }, styles: { label: { fontSize: '13px', lineHeight: '20px' }, body: { alignItems: 'center' } } }),
    Badge: part<BadgeFactory>({
      defaultProps: { variant: 'light', radius: 'sm', size: 'sm' },
      styles: { root: { textTransform: 'none', fontWeight: 500, letterSpacing: 0 } },
    }),
    SegmentedControl: part<SegmentedControlFactory>({
      defaultProps: { size: 'xs', radius: 'md' },
      styles: { root: { padding: '2px' }, label: { fontSize: '12px', lineHeight: '16px', padding: '3px 8px' } },
    }),
    Tooltip: part<TooltipFactory>({ defaultProps: { openDelay: 250, withArrow: false, fz: 'sm' } }),
    Menu: part<MenuFactory>({
      defaultProps: { shadow: 'md', radius: 'lg', transitionProps: { duration: 90 } },
      styles: {
        dropdown: { padding: '4px', minWidth: '168px' },
        item: { fontSize: '13px', lineHeight: '20px', padding: '4px 8px' },
        label: { fontSize: '12px', lineHeight: '16px', fontWeight: 400, padding: '4px 8px' },
      },
    }),
    Modal: part<ModalFactory>({
      defaultProps: { radius: 'xl', padding: 'lg', shadow: 'xl', overlayProps: { backgroundOpacity: 0.28 }, transitionProps: { duration: 100 } },
    }),
    Drawer: part<DrawerFactory>({
      defaultProps: { padding: 'lg', shadow: 'xl', overlayProps: { backgroundOpacity: 0.28 }, transitionProps: { duration: 120 } },
    }),
    CloseButton: part<CloseButtonFactory>({ defaultProps: { size: measure.control, iconSize: '16px' } }),
    Kbd: part<KbdFactory>({ styles: { root: { fontFamily: 'inherit', fontWeight: 500, fontSize: '11px', borderWidth: '1px', padding: '2px 6px' } } }),
    Paper: part<PaperFactory>({ defaultProps: { radius: 'lg', withBorder: true, shadow: 'none' } }),
  },
});

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `bodyText2` → `--k-body-text2`; every token is reachable from CSS and from Mantine's `c="var(--k-text3)"`. */
const variables = (scheme: 'light' | 'dark'): Record<string, string> => {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(surfaces[scheme])) out[`--k-${kebab(name)}`] = value;
  for (const [name, tone] of Object.entries(meanings[scheme])) {
    out[`--k-${name}`] = tone.fg;
    out[`--k-${name}-mark`] = tone.mark;
    out[`--k-${name}-soft`] = tone.soft;
  }
  chartPalette[scheme].forEach((value, index) => {
    out[`--k-series-${index + 1}`] = value;
  });
  /* Mantine's own look-ups, so that kit components and ours share one palette. */
  out['--mantine-color-body'] = surfaces[scheme].body;
  out['--mantine-color-text'] = surfaces[scheme].text;
  out['--mantine-color-dimmed'] = surfaces[scheme].text3;
  out['--mantine-color-placeholder'] = surfaces[scheme].text3;
  out['--mantine-color-error'] = meanings[scheme].bad.fg;
  out['--mantine-color-anchor'] = surfaces[scheme].accentText;
  out['--mantine-color-default'] = surfaces[scheme].raised;
  out['--mantine-color-default-hover'] = surfaces[scheme].hover;
  out['--mantine-color-default-border'] = surfaces[scheme].lineStrong;
  return out;
};

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: Object.fromEntries(Object.entries(measure).map(([name, value]) => [`--k-size-${kebab(name)}`, px(value)])),
  light: variables('light'),
  dark: variables('dark'),
});
