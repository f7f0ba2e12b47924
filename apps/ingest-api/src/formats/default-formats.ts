import type { WireFormat } from '../wire-format.ts'
import { createCloudEventsFormats, type CloudEventsSettings } from './cloud-events/cloud-events-formats.ts'
import { elasticBulk } from './elastic-bulk/elastic-bulk-format.ts'
import { elasticDocument } from './elastic-bulk/elastic-document-format.ts'
import { gelf } from './gelf/gelf-format.ts'
import { influx } from './influx/influx-format.ts'
import { journald } from './journald/journald-format.ts'
import { jsonArray, jsonObject, linesAsJson, ndjson } from './json-formats.ts'
import { lokiJson, lokiProtobuf } from './loki/loki-formats.ts'
import { otlpJson, otlpProtobuf } from './otlp/otlp-format.ts'
import { remoteWrite } from './remote-write/remote-write-format.ts'
import { splunkHec } from './splunk-hec/splunk-hec-format.ts'

/** What of the formats can be set. */
export interface FormatSettings {
  readonly cloudEvents: CloudEventsSettings
}

/** What ingest-api understands. Of formats that share a route and a media type, the first one that recognises a body reads it. */
export function createFormats({ cloudEvents }: FormatSettings): readonly WireFormat[] {
  return [
    jsonArray,
    linesAsJson,
    jsonObject,
    ndjson,
    elasticBulk,
    elasticDocument,
    gelf,
    journald,
    lokiJson,
    lokiProtobuf,
    otlpJson,
    otlpProtobuf,
    remoteWrite,
    splunkHec,
    influx,
    ...createCloudEventsFormats(cloudEvents),
  ]
}

/** Those of an empty environment. */
export const DEFAULT_FORMATS = createFormats({ cloudEvents: { productTypes: [], webhookOrigins: [] } })
