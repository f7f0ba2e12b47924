import type { WireFormat } from '../wire-format.ts'
import { gelf } from './gelf/gelf-format.ts'
import { jsonArray, jsonObject, linesAsJson, ndjson } from './json-formats.ts'
import { otlpJson, otlpProtobuf } from './otlp/otlp-format.ts'
import { remoteWrite } from './remote-write/remote-write-format.ts'

/** What ingest-api understands. Of formats that share a route and a media type, the first one that recognises a body reads it. */
export const DEFAULT_FORMATS: readonly WireFormat[] = [
  jsonArray,
  linesAsJson,
  jsonObject,
  ndjson,
  gelf,
  otlpJson,
  otlpProtobuf,
  remoteWrite,
]
