/** A small shop of stationery, so that a first look finds something. */
const PRODUCTS = [
  [1, 'Fountain pen', 24.5, 'Inkwell & Sons', { colour: 'black', nib: 'M' }],
  [2, 'Ballpoint pen', 1.2, 'Inkwell & Sons', { colour: 'blue' }],
  [3, 'Notebook A5', 6.95, 'Paperworks', { pages: 192, ruling: 'dots' }],
  [4, 'Sketchbook A4', 12.4, 'Paperworks', { pages: 80 }],
  [5, 'Pencil HB', 0.8, 'Graphit', { hardness: 'HB' }],
  [6, 'Eraser', 0.95, 'Graphit', {}],
  [7, 'Desk lamp', 39.9, 'Lumen', { watts: 6, colour: 'white' }],
  [8, 'Paper clips, 100', 1.75, 'Paperworks', { tags: ['desk', 'metal'] }],
] as const

const LOGS = [
  ['info', 'shop', 'order 1001 accepted, 3 items, 59.97 EUR'],
  ['info', 'payment', 'authorised order 1001'],
  ['warn', 'shop', 'stock of "Ballpoint pen" is down to 4'],
  ['error', 'mailer', 'could not reach the relay: connection refused'],
  ['info', 'mailer', 'next attempt in 30 s'],
  ['debug', 'search', 'query "crème" took 12.5 ms'],
  ['info', 'mailer', 'sent the confirmation of order 1001'],
  ['info', 'shop', 'order 1002 accepted, 1 item, 24.50 EUR'],
] as const

const MINUTE_MS = 60_000
const POINTS = 60

/** The sample as bodies for ingest-api, by route. @param nowMs times lie in the hour before */
export function createSample(nowMs: number): ReadonlyMap<string, readonly object[]> {
  const at = (minutesAgo: number) => new Date(nowMs - minutesAgo * MINUTE_MS).toISOString()
  return new Map<string, readonly object[]>([
    [
      '/api/v1/products',
      PRODUCTS.map(([id, name, price, manufacturer, more]) => ({ id, name, price, manufacturer, ...more })),
    ],
    [
      '/api/v1/logs',
      LOGS.map(([level, service, message], i) => ({
        level,
        service,
        message,
        timestamp: at((LOGS.length - i) * 3),
      })),
    ],
    [
      '/api/v1/metrics',
      Array.from({ length: POINTS }, (_, i) => ({
        data: {
          name: 'temperature',
          value: Math.round((21 + 2 * Math.sin(i / 8)) * 100) / 100,
          unit: 'celsius',
          tags: { room: i % 2 === 0 ? 'kitchen' : 'office' },
          timestamp: at(POINTS - i),
        },
      })),
    ],
  ])
}
