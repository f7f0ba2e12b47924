/** Parsers of untrusted bytes, for tools/fuzz. */
export { admit, requireAdmitted, type Admission } from './admit.ts'
export { createEndpoints, type Endpoint } from './body/endpoints.ts'
export { readIdempotencyKey } from './read-idempotency-key.ts'
export { readBody } from './body/read-body.ts'
export { DEFAULT_FORMATS } from './formats/default-formats.ts'
export type { DecodedBody } from './wire-format.ts'
