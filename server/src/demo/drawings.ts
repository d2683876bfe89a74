import { colours } from './assortment.ts';

/** A small drawing in two tones for each kind of product; stands for the photo a real shop would have. */
const shapes: Record<string, (light: string, dark: string) => string> = {
  bowl: (a, b) => `<path d="M14 42h72c0 24-14 36-36 36S14 66 14 42z" fill="${a}"/><ellipse cx="50" cy="42" rx="36" ry="8" fill="${b}"/>`,
  plate: (a, b) => `<circle cx="50" cy="50" r="36" fill="${a}"/><circle cx="50" cy="50" r="23" fill="none" stroke="${b}" stroke-width="3"/>`,
  mug: (a, b) =>
    `<rect x="24" y="28" width="42" height="50" rx="6" fill="${a}"/><path d="M66 38h8a10 10 0 0 1 0 24h-8" fill="none" stroke="${b}" stroke-width="6"/>`,
  cezve: (a, b) =>
    `<path d="M26 40h38l6 38H20z" fill="${a}"/><rect x="24" y="34" width="42" height="8" rx="3" fill="${b}"/><path d="M64 38 92 24l3 6-28 16z" fill="${b}"/>`,
  glass: (a, b) =>
    `<path d="M34 20h32c0 18-8 22-8 32s8 14 6 28H36c-2-14 6-18 6-28s-8-14-8-32z" fill="${a}"/><path d="M37 34h26" stroke="${b}" stroke-width="4"/>`,
  tray: (a, b) => `<ellipse cx="50" cy="52" rx="42" ry="24" fill="${b}"/><ellipse cx="50" cy="49" rx="36" ry="19" fill="${a}"/>`,
  board: (a, b) =>
    `<rect x="26" y="22" width="48" height="62" rx="10" fill="${a}"/><circle cx="50" cy="31" r="4" fill="${b}"/><path d="M38 44v32M50 44v32M62 44v32" stroke="${b}" stroke-opacity=".4" stroke-width="2"/>`,
  towel: (a, b) => `<rect x="20" y="24" width="60" height="52" rx="3" fill="${a}"/><path d="M20 36h60M20 46h60M20 64h60" stroke="${b}" stroke-width="4"/>`,
  robe: (a, b) =>
    `<path d="M38 16h24l18 20-8 8v42H28V44l-8-8z" fill="${a}"/><path d="M40 16 50 40l10-24M50 40v46" fill="none" stroke="${b}" stroke-width="4"/>`,
  soap: (a, b) =>
    `<rect x="16" y="34" width="68" height="36" rx="14" fill="${a}"/><rect x="30" y="44" width="40" height="16" rx="6" fill="none" stroke="${b}" stroke-width="3"/>`,
  cushion: (a, b) =>
    `<rect x="18" y="18" width="64" height="64" rx="10" fill="${a}"/><path d="m50 26 24 24-24 24-24-24z" fill="none" stroke="${b}" stroke-width="5"/><circle cx="50" cy="50" r="6" fill="${b}"/>`,
  rug: (a, b) =>
    `<rect x="30" y="12" width="40" height="76" fill="${a}"/><path d="m50 22 14 14-14 14-14-14zM50 50l14 14-14 14-14-14z" fill="none" stroke="${b}" stroke-width="4"/><path d="M30 12v-5M40 12V7M50 12V7M60 12V7M70 12V7" stroke="${b}" stroke-width="2"/>`,
  lamp: (a, b) =>
    `<path d="M50 12v8" stroke="${b}" stroke-width="4"/><circle cx="50" cy="44" r="25" fill="${a}"/><path d="M25 44h50M50 19v50M33 26l34 36M67 26 33 62" stroke="${b}" stroke-width="2.5"/><path d="M42 70h16l4 16H38z" fill="${b}"/>`,
  candle: (a, b) =>
    `<rect x="28" y="40" width="44" height="44" rx="5" fill="${a}"/><path d="M50 40V30" stroke="${b}" stroke-width="3"/><path d="M50 12c7 8 7 14 0 18-7-4-7-10 0-18z" fill="${b}"/>`,
  bottle: (a, b) =>
    `<path d="M43 12h14v18c10 6 12 12 12 22v32H31V52c0-10 2-16 12-22z" fill="${a}"/><rect x="31" y="54" width="38" height="18" fill="${b}" fill-opacity=".7"/>`,
  tin: (a, b) =>
    `<rect x="28" y="26" width="44" height="58" rx="4" fill="${a}"/><ellipse cx="50" cy="26" rx="22" ry="7" fill="${b}"/><rect x="28" y="46" width="44" height="20" fill="${b}" fill-opacity=".55"/>`,
};

/** SVG of `cezve-copper.svg`, or undefined when there is no such drawing. */
export function drawing(file: string): string | undefined {
  const match = /^([a-z]+)-([a-z]+)\.svg$/.exec(file);
  const shape = shapes[match?.[1] ?? ''];
  const tones = colours[match?.[2] as keyof typeof colours] as readonly [string, string] | undefined;
  if (shape === undefined || tones === undefined) return undefined;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect width="100" height="100" fill="${tones[0]}" fill-opacity=".16"/>${shape(tones[0], tones[1])}</svg>`;
}
