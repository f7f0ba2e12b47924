/** What the tests use of clients that come without types. */

declare module 'splunk-logging' {
  interface Config {
    token: string
    url: string
    maxBatchCount?: number
  }

  interface Event {
    readonly message: unknown
    readonly severity?: string
    readonly metadata?: { readonly source: string; readonly host: string; readonly time: number }
  }

  export class Logger {
    /** What flush() sends, one JSON object each. */
    serializedContextQueue: string[]
    constructor(config: Config)
    send(event: Event): void
    flush(done: (error: Error | null, response: unknown, body: unknown) => void): void
    /** Is called with what was answered, and what was sent as its message. */
    error(error: Error & { code: unknown }, context: { readonly message: string }): void
  }
}

declare module 'winston-splunk-httplogger' {
  import type Transport from 'winston-transport'

  export default class SplunkStreamEvent extends Transport {
    constructor(options: { splunk: { token: string; url: string; source: string } })
  }
}

declare module 'winston-log2gelf' {
  import type Transport from 'winston-transport'

  export default class Log2gelf extends Transport {
    constructor(options: object)
  }
}

declare module 'winston-syslog' {
  import type Transport from 'winston-transport'

  export class Syslog extends Transport {
    constructor(options: object)
  }
}
