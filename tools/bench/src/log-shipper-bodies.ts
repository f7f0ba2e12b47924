const START_MS = 1_795_953_600_000

/** A request of Elasticsearch's _bulk, as its clients fill it: an action and a document of some 300 bytes each. */
export function createBulk(documents: number): Buffer {
  const lines = Array.from(
    { length: documents },
    (_, i) => `{"create":{"_index":"logs-shop"}}\n${createDocument(i)}`,
  )
  return Buffer.from(lines.join('\n'))
}

function createDocument(n: number): string {
  return JSON.stringify({
    '@timestamp': new Date(START_MS + n).toISOString(),
    message: `order ${n} of customer ${n % 97} was placed in ${n % 300} ms`,
    log: { level: n % 10 === 0 ? 'error' : 'info', logger: 'shop.orders' },
    service: { name: 'shop', version: '1.4.2' },
    host: { name: 'web-1' },
    http: { request: { method: 'POST' }, response: { status_code: 201 } },
    url: { path: `/orders/${n}` },
  })
}

/** A push of Loki, as pino-loki makes it: a stream for each line, which is the whole entry as JSON. */
export function createLokiPush(lines: number): Buffer {
  const streams = Array.from({ length: lines }, (_, i) => ({
    stream: {
      level: i % 10 === 0 ? 'error' : 'info',
      service_name: 'shop',
      env: 'production',
      hostname: 'web-1',
    },
    values: [[`${START_MS + i}000000`, createLine(i)]],
  }))
  return Buffer.from(JSON.stringify({ streams }))
}

function createLine(n: number): string {
  return JSON.stringify({
    level: n % 10 === 0 ? 50 : 30,
    time: START_MS + n,
    pid: 4711,
    hostname: 'web-1',
    request: { method: 'POST', url: `/orders/${n}`, status: 201 },
    msg: `order ${n} of customer ${n % 97} was placed in ${n % 300} ms`,
  })
}
