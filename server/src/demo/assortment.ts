import { currencyExponent } from '../kit/money.ts';

/** One product of the demo shop, before it is written anywhere. */
export interface DemoProduct {
  sku: string;
  barcode: string;
  title: string;
  description: string;
  brand: string;
  category: readonly [string, string];
  group: string;
  groupTitle: string;
  options: Record<string, string>;
  tags: string[];
  priceMinor: number;
  compareAtMinor: number | null;
  currency: string;
  weightGrams: number;
  location: string;
  unitCost: string;
  stock: number;
  reorderPoint: number;
  /** Path of a drawing served by the demo itself. */
  image: string;
}

interface Family {
  code: string;
  noun: string;
  category: readonly [string, string];
  shape: string;
  collections: readonly string[];
  sizes: readonly (readonly [label: string, code: string, factor: number])[];
  colours: readonly Colour[];
  price: number;
  cost: number;
  weight: number;
  text: string;
  tags: readonly string[];
}

type Colour = keyof typeof colours;

/** Colour name → the two tones its drawing uses. */
export const colours = {
  cobalt: ['#3c5bb8', '#24398a'],
  turquoise: ['#4fb3b3', '#2b7f86'],
  terracotta: ['#c26a45', '#8f4527'],
  amber: ['#cf9a45', '#95672a'],
  ruby: ['#b2405a', '#7b2138'],
  indigo: ['#4b4f9c', '#2c2f66'],
  natural: ['#cdbb97', '#94805a'],
  olive: ['#8c9152', '#5d6130'],
  sand: ['#d9c9a8', '#a08b62'],
  charcoal: ['#5d6068', '#33363d'],
  copper: ['#b8703f', '#7c4524'],
  white: ['#e9e4da', '#b6ad9c'],
  emerald: ['#3f8a68', '#215941'],
  rose: ['#cf7f8f', '#96485a'],
  walnut: ['#8a5a3b', '#563420'],
  honey: ['#d8a957', '#9a712c'],
} as const;

const places = [
  'İznik',
  'Ege',
  'Mardin',
  'Kapadokya',
  'Bosfor',
  'Anadolu',
  'Dobrogea',
  'Maramureș',
  'Horezu',
  'Bucovina',
  'Antep',
  'Bursa',
  'Sibiu',
  'Efes',
  'Urla',
  'Constanța',
] as const;
const bowlSizes = [
  ['14 cm', '14', 0.7],
  ['18 cm', '18', 1],
  ['24 cm', '24', 1.55],
  ['30 cm', '30', 2.2],
] as const;
const glaze: readonly Colour[] = ['cobalt', 'turquoise', 'terracotta', 'white', 'emerald', 'amber', 'rose'];
const cloth: readonly Colour[] = ['indigo', 'terracotta', 'natural', 'olive', 'sand', 'charcoal', 'rose'];
const one = [['one size', '', 1]] as const;

const families: readonly Family[] = [
  {
    code: 'BWL',
    noun: 'bowl',
    category: ['Kitchen', 'Bowls'],
    shape: 'bowl',
    collections: places,
    sizes: bowlSizes,
    colours: glaze,
    price: 7490,
    cost: 3110,
    weight: 620,
    text: 'Thrown and glazed by hand, fired at 1,050 °C. Safe in the dishwasher and the microwave.',
    tags: ['ceramic', 'handmade'],
  },
  {
    code: 'PLT',
    noun: 'dinner plate',
    category: ['Kitchen', 'Plates'],
    shape: 'plate',
    collections: places,
    sizes: [
      ['21 cm', '21', 0.8],
      ['27 cm', '27', 1],
      ['32 cm', '32', 1.4],
    ],
    colours: glaze,
    price: 6900,
    cost: 2750,
    weight: 780,
    text: 'Stoneware with a raised rim. Stacks neatly.',
    tags: ['ceramic'],
  },
  {
    code: 'MUG',
    noun: 'mug',
    category: ['Kitchen', 'Mugs and cups'],
    shape: 'mug',
    collections: places,
    sizes: [
      ['250 ml', '250', 0.85],
      ['350 ml', '350', 1],
    ],
    colours: glaze,
    price: 4990,
    cost: 1890,
    weight: 340,
    text: 'Comfortable handle, thick wall that keeps tea warm.',
    tags: ['ceramic', 'gift'],
  },
  {
    code: 'CZV',
    noun: 'hammered cezve',
    category: ['Kitchen', 'Coffee pots'],
    shape: 'cezve',
    collections: places,
    sizes: [
      ['250 ml', '250', 0.75],
      ['350 ml', '350', 1],
      ['500 ml', '500', 1.3],
    ],
    colours: ['copper', 'charcoal', 'honey'],
    price: 12900,
    cost: 6320,
    weight: 410,
    text: 'Copper, tinned inside, with a walnut handle. For Turkish coffee on any flame.',
    tags: ['copper', 'coffee', 'handmade'],
  },
  {
    code: 'TGL',
    noun: 'tea glass set of 6',
    category: ['Kitchen', 'Glasses'],
    shape: 'glass',
    collections: places,
    sizes: one,
    colours: ['amber', 'ruby', 'cobalt', 'emerald', 'white'],
    price: 9600,
    cost: 4400,
    weight: 900,
    text: 'Six thin-waisted glasses, mouth-blown.',
    tags: ['glass', 'gift'],
  },
  {
    code: 'TRY',
    noun: 'serving tray',
    category: ['Kitchen', 'Trays'],
    shape: 'tray',
    collections: places,
    sizes: [
      ['28 cm', '28', 0.8],
      ['32 cm', '32', 1],
      ['40 cm', '40', 1.45],
    ],
    colours: ['copper', 'walnut', 'charcoal'],
    price: 18900,
    cost: 9800,
    weight: 1200,
    text: 'Hand-engraved rim, lacquered against fingerprints.',
    tags: ['copper'],
  },
  {
    code: 'BRD',
    noun: 'serving board',
    category: ['Kitchen', 'Boards'],
    shape: 'board',
    collections: places,
    sizes: [
      ['30 cm', '30', 1],
      ['38 cm', '38', 1.3],
    ],
    colours: ['walnut', 'olive', 'natural'],
    price: 10900,
    cost: 5150,
    weight: 860,
    text: 'One piece of wood, oiled with linseed.',
    tags: ['wood', 'handmade'],
  },
  {
    code: 'PST',
    noun: 'peshtemal 100 × 180',
    category: ['Bath', 'Towels'],
    shape: 'towel',
    collections: places,
    sizes: one,
    colours: cloth,
    price: 8900,
    cost: 3640,
    weight: 320,
    text: 'Flat-woven cotton towel, dries fast, gets softer with every wash.',
    tags: ['cotton', 'bath'],
  },
  {
    code: 'TWL',
    noun: 'waffle towel',
    category: ['Bath', 'Towels'],
    shape: 'towel',
    collections: places,
    sizes: [
      ['50 × 90', '50', 0.6],
      ['70 × 140', '70', 1],
      ['100 × 160', '100', 1.5],
    ],
    colours: cloth,
    price: 7900,
    cost: 3150,
    weight: 410,
    text: 'Combed cotton in waffle weave, 280 g/m².',
    tags: ['cotton', 'bath'],
  },
  {
    code: 'RBE',
    noun: 'bathrobe',
    category: ['Bath', 'Robes'],
    shape: 'robe',
    collections: places.slice(0, 12),
    sizes: [
      ['S', 'S', 1],
      ['M', 'M', 1],
      ['L', 'L', 1],
      ['XL', 'XL', 1.05],
    ],
    colours: ['white', 'sand', 'indigo', 'charcoal'],
    price: 24900,
    cost: 11200,
    weight: 980,
    text: 'Muslin outside, terry inside, two pockets.',
    tags: ['cotton', 'bath'],
  },
  {
    code: 'SOP',
    noun: 'olive oil soap 4 × 100 g',
    category: ['Bath', 'Soap'],
    shape: 'soap',
    collections: ['Laurel', 'Rose', 'Lavender', 'Fig', 'Thyme', 'Mastic', 'Plain', 'Goat milk'],
    sizes: one,
    colours: ['olive', 'rose', 'natural'],
    price: 4250,
    cost: 1680,
    weight: 420,
    text: 'Cold-processed, cured for eight months.',
    tags: ['soap', 'natural'],
  },
  {
    code: 'KLM',
    noun: 'kilim cushion',
    category: ['Home', 'Cushions'],
    shape: 'cushion',
    collections: places,
    sizes: [
      ['45 × 45', '045', 1],
      ['50 × 30', '503', 0.9],
      ['60 × 60', '060', 1.5],
    ],
    colours: ['indigo', 'ruby', 'olive', 'sand', 'terracotta'],
    price: 6800,
    cost: 3350,
    weight: 520,
    text: 'Woven wool on cotton, hidden zip, filling included.',
    tags: ['wool', 'kilim'],
  },
  {
    code: 'RUG',
    noun: 'kilim runner',
    category: ['Home', 'Rugs'],
    shape: 'rug',
    collections: places.slice(0, 14),
    sizes: [
      ['60 × 180', '060', 1],
      ['80 × 240', '080', 1.7],
      ['120 × 180', '120', 1.9],
    ],
    colours: ['ruby', 'indigo', 'sand'],
    price: 42900,
    cost: 21800,
    weight: 2600,
    text: 'Flat-woven wool, reversible, natural dyes.',
    tags: ['wool', 'kilim', 'handmade'],
  },
  {
    code: 'LMP',
    noun: 'mosaic table lamp',
    category: ['Home', 'Lamps'],
    shape: 'lamp',
    collections: places,
    sizes: [
      ['small', 'S', 0.7],
      ['large', 'L', 1],
    ],
    colours: ['amber', 'turquoise', 'cobalt', 'ruby'],
    price: 24900,
    cost: 12100,
    weight: 1450,
    text: 'Cut glass set by hand, E14 socket, 1.5 m cable with switch.',
    tags: ['lamp', 'handmade'],
  },
  {
    code: 'CND',
    noun: 'scented candle',
    category: ['Home', 'Candles'],
    shape: 'candle',
    collections: ['Bergamot', 'Fig leaf', 'Cedar', 'Orange blossom', 'Amber', 'Sea salt', 'Rose', 'Coffee'],
    sizes: [
      ['180 g', '180', 1],
      ['320 g', '320', 1.5],
    ],
    colours: ['white', 'terracotta', 'charcoal'],
    price: 5900,
    cost: 2150,
    weight: 430,
    text: 'Soy wax in a reusable stoneware cup, burns for 40 hours.',
    tags: ['candle', 'gift'],
  },
  {
    code: 'THR',
    noun: 'cotton throw 130 × 170',
    category: ['Home', 'Throws'],
    shape: 'towel',
    collections: places,
    sizes: one,
    colours: cloth,
    price: 15900,
    cost: 7100,
    weight: 760,
    text: 'Hand-knotted fringe, washed twice before it leaves the mill.',
    tags: ['cotton'],
  },
  {
    code: 'OIL',
    noun: 'early harvest olive oil',
    category: ['Pantry', 'Olive oil'],
    shape: 'bottle',
    collections: ['Memecik', 'Ayvalık', 'Domat', 'Gemlik', 'Trilye'],
    sizes: [
      ['250 ml', '250', 0.6],
      ['500 ml', '500', 1],
      ['1 l', '1L', 1.8],
    ],
    colours: ['olive', 'emerald'],
    price: 6400,
    cost: 3950,
    weight: 980,
    text: 'Cold-pressed within four hours of harvest. Acidity below 0.3 %.',
    tags: ['food', 'organic'],
  },
  {
    code: 'SPC',
    noun: 'spice tin',
    category: ['Pantry', 'Spices'],
    shape: 'tin',
    collections: ['Sumac', 'Urfa pepper', 'Aleppo pepper', 'Za’atar', 'Smoked paprika', 'Mahleb', 'Nigella', 'Oregano', 'Saffron', 'Cumin'],
    sizes: [
      ['50 g', '50', 1],
      ['120 g', '120', 1.9],
    ],
    colours: ['ruby', 'amber'],
    price: 2490,
    cost: 980,
    weight: 110,
    text: 'Ground to order in small batches.',
    tags: ['food'],
  },
  {
    code: 'TEA',
    noun: 'loose tea 200 g',
    category: ['Pantry', 'Tea and coffee'],
    shape: 'tin',
    collections: ['Rize', 'Linden', 'Sage', 'Apple', 'Mountain', 'Rosehip', 'Chamomile', 'Mint'],
    sizes: one,
    colours: ['emerald', 'ruby', 'honey'],
    price: 3290,
    cost: 1340,
    weight: 260,
    text: 'Whole leaf, in a tin with an inner lid.',
    tags: ['food', 'gift'],
  },
];

const mid = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[^a-z]/gi, '')
    .slice(0, 3)
    .toUpperCase();
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Code of the in-house range 200–299 with its check digit, so that it can belong to nobody else. */
function internalBarcode(counter: number): string {
  const digits = `200${String(counter).padStart(9, '0')}`;
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

/** A whole shop of about 3,000 products, the same every time. Prices end in .90 or .00 as a shop's do. */
export function assortment(currency = 'RON'): DemoProduct[] {
  const unit = 10 ** currencyExponent(currency);
  const products: DemoProduct[] = [];
  const used = new Set<string>();
  for (const family of families) {
    for (const [collectionIndex, collection] of family.collections.entries()) {
      const group = `${family.code}-${mid(collection)}${used.has(`${family.code}-${mid(collection)}`) ? collectionIndex : ''}`;
      used.add(group);
      for (const [sizeLabel, sizeCode, factor] of family.sizes) {
        for (const colour of family.colours) {
          const n = products.length;
          // Cheap, repeatable variety: no random source, so that a screenshot of yesterday is true today.
          const wobble = ((n * 7919) % 100) / 100;
          const price = Math.round((family.price * factor * (0.85 + collectionIndex * 0.03)) / 100) * 100 - (n % 3 === 0 ? 0 : 10);
          const stock = wobble < 0.04 ? 0 : wobble < 0.12 ? (n % 7) + 1 : 8 + ((n * 37) % 140);
          products.push({
            sku: [group, sizeCode, colour.slice(0, 3).toUpperCase()].filter((part) => part !== '').join('-'),
            barcode: internalBarcode(n + 1),
            title: `${collection} ${family.noun}${sizeLabel === 'one size' ? '' : ` ${sizeLabel}`}, ${colour}`,
            description: `<p>${family.text}</p><p>${collection} collection in ${colour}.</p>`,
            brand: 'Levant Home',
            category: family.category,
            group: group.toLowerCase(),
            groupTitle: capital(`${collection} ${family.noun}`),
            options: { ...(sizeLabel === 'one size' ? {} : { Size: sizeLabel }), Colour: capital(colour) },
            tags: [...family.tags, ...(wobble > 0.9 ? ['new'] : []), ...(n % 17 === 0 ? ['christmas'] : [])],
            priceMinor: (price * unit) / 100,
            compareAtMinor: n % 11 === 0 ? Math.round((price * 1.2) / 100) * unit : null,
            currency,
            weightGrams: Math.round(family.weight * factor),
            location: `${String.fromCharCode(65 + (n % 6))}-${String((n % 24) + 1).padStart(2, '0')}-${(n % 5) + 1}`,
            unitCost: ((family.cost * factor) / 100).toFixed(2),
            stock,
            reorderPoint: 8 + (n % 5) * 6,
            image: `/demo/images/${family.shape}-${colour}.svg`,
          });
        }
      }
    }
  }
  // A stride through the list: neighbours on the screen are of different kinds, the order is the same every time.
  return products.map((_, index) => products[(index * 1097) % products.length]).filter((product) => product !== undefined);
}
