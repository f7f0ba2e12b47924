import { isMalformed, type EventName, type ProtocolMode } from '../delivery-modes.ts'
import { cloudEvents } from './cloud-events.ts'
import { elasticBulk } from './elastic-bulk.ts'
import { otlpJson, otlpProtobuf, otlpUntimed } from './otlp-logs.ts'
import type { ProtocolClient, ProtocolEvent } from './protocol-client.ts'
import { remoteWrite } from './remote-write.ts'

/** Who sends in which mode. */
export const PROTOCOL_CLIENTS: Readonly<Record<ProtocolMode, ProtocolClient>> = {
  'otlp-protobuf': otlpProtobuf,
  'otlp-json': otlpJson,
  'otlp-untimed': otlpUntimed,
  bulk: elasticBulk,
  'remote-write': remoteWrite,
  'cloud-events': cloudEvents,
}

/** An event as a client sends it. */
export function toProtocolEvent(id: string, name: Pick<EventName, 'mode' | 'seq'>): ProtocolEvent {
  return { id, seq: name.seq, isMalformed: isMalformed(name) }
}
