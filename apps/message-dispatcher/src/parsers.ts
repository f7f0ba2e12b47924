/** Parsers of untrusted bytes, for tools/fuzz. */
export {
  createCsvParser,
  createNdjsonParser,
  type ParsedRow,
  type ParserOptions,
  type RowParser,
} from './clients/import/row-parsers.ts'
export { parsePhone } from './clients/parse-phone.ts'
export { decodeBody } from './sending/channels/gateway/decode-body.ts'
export { judgeAnswer } from './sending/channels/gateway/judge-answer.ts'
export { parseRetryAfter } from './sending/channels/http/parse-retry-after.ts'
export { compileTemplate } from './template/compile-template.ts'
export type { TemplateClient } from './template/template-client.ts'
export { TemplateError } from './template/template-error.ts'
