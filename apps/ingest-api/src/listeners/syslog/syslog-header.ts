import type { StructuredData } from './read-structured-data.ts'

/** What a message says of itself; what it leaves out is undefined. */
export interface SyslogHeader {
  readonly timestamp?: string | undefined
  readonly hostname?: string | undefined
  readonly app?: string | undefined
  readonly procid?: string | undefined
  readonly msgid?: string | undefined
  readonly structuredData?: StructuredData | undefined
  readonly message: string
}
