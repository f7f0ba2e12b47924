/** Customers of the small shop, in zones where it is morning, noon and night. Nothing reaches them: the gateway is simulated. */
const CLIENTS = [
  ['79160000001', 'gold', 'Europe/Moscow', 'Anna'],
  ['79160000002', '', 'Europe/Moscow', 'Boris'],
  ['79030000003', 'gold', 'Asia/Novosibirsk', 'Vera'],
  ['79030000004', '', 'Asia/Vladivostok', 'Gleb'],
  ['79260000005', 'silver', 'Europe/Kaliningrad', 'Dina'],
  ['79260000006', '', 'Asia/Yekaterinburg', 'Egor'],
  ['447400000007', 'gold', 'Europe/London', 'Fiona'],
  ['447400000008', '', 'Europe/London', 'George'],
  ['12025550109', 'silver', 'America/New_York', 'Hazel'],
  ['12025550110', '', 'America/Los_Angeles', 'Ivan'],
  ['4915112345611', 'silver', 'Europe/Berlin', 'Jonas'],
  ['819012345612', '', 'Asia/Tokyo', 'Kaori'],
] as const

const DAY_MS = 24 * 60 * 60 * 1000
/** So that it can be watched: the sample takes six seconds. */
const RATE_PER_SECOND = 2

/** Bodies for POST /api/v1/clients. */
export function createSampleClients(): readonly object[] {
  return CLIENTS.map(([phone, tag, timeZone, name], i) => ({
    ...{ phone, tag, timeZone },
    attributes: { name, order: 1001 + i },
  }))
}

/** A body for POST /api/v1/mailings. @param nowMs it starts at once, and has a day */
export function createSampleMailing(nowMs: number): object {
  return {
    name: 'Your order is ready',
    text: 'Hello {{ attributes.name }}, your order {{ attributes.order }} is ready.',
    end: new Date(nowMs + DAY_MS).toISOString(),
    ratePerSecond: RATE_PER_SECOND,
  }
}
