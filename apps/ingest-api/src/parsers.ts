/** What reads other people's bytes, for tools/fuzz. */
export { admit, readIdempotencyKey, type Admission } from './admit.ts'
export { decodeBody, type BodyLimits } from './body/decode-body.ts'
