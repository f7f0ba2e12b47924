const ZONES = [
  ...['Europe/London', 'Europe/Berlin', 'Europe/Madrid', 'Europe/Athens', 'Asia/Tokyo'],
  ...['America/New_York', 'America/Chicago', 'America/Los_Angeles', 'Australia/Sydney'],
]
const TAGS = ['gold', 'silver', '', '', '']
const NAMES = ['Anna', 'Boris', 'Clara', 'Dmitri', 'Emma', 'Farid', 'Grace', 'Hugo', 'Ines', 'Jonas']
const PREFIXES = ['79160', '447400', '4915112', '12025', '819012']

/** A file of clients, as CSV. */
export function createShopClients(count: number): string {
  const lines = Array.from({ length: count }, (_, i) => {
    const phone = PREFIXES[i % PREFIXES.length] + String(1_000_000 + i * 37).slice(-6)
    const cells = [
      phone,
      TAGS[i % TAGS.length],
      ZONES[(i * 7) % ZONES.length],
      NAMES[i % NAMES.length],
      2000 + i,
    ]
    return cells.join(',')
  })
  return ['phone,tag,timeZone,name,order', ...lines].join('\n')
}
