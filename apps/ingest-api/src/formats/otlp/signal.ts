import type { Message } from '@bufbuild/protobuf'
import type { GenMessage } from '@bufbuild/protobuf/codegenv2'
import type { JsonObject, Kind, Scope } from '@runnel/contracts'
import type { ContainerPath, MessageSource } from './message-source.ts'
import type { Origin, ResourceContainer, ScopeContainer } from './origin.ts'
import type { ByteWriter } from '../shared/byte-writer.ts'

/** Logs, metrics or traces: what differs between them in requests of OTLP. */
export interface OtlpSignal extends ContainerPath {
  readonly url: string
  readonly access: Scope
  readonly summary: string
  /** Of its events; refused records are counted under it. */
  readonly kind: Kind
  readonly resourceContainer: GenMessage<Message & ResourceContainer>
  readonly scopeContainer: GenMessage<Message & ScopeContainer>
  readonly response: OtlpResponse
  /**
   * The records of a scope.
   *
   * @param origin throws where resource or scope cannot be read: then its records are refused
   */
  openRecords<Piece>(
    source: MessageSource<Piece>,
    records: readonly Piece[],
    origin: () => Origin,
    maxItems: number,
  ): Iterable<RecordGroup<Piece>>
}

/** How an answer counts what was refused. */
export interface OtlpResponse {
  /** Name in JSON; in Protocol Buffers it is field 1 of all responses. */
  readonly rejectedName: string
  /** For the message, in the plural. */
  readonly recordsName: string
}

/** Records that are read in the same way. */
export interface RecordGroup<Piece> {
  readonly items: readonly Piece[]
  /**
   * @returns the events of a record, and whether the record says when it was
   * @throws AppError why the record is refused
   */
  toEvents(item: Piece): RecordEvents
  /**
   * Writes the event of a record that is a plain one.
   *
   * @returns whether the record says when it was; undefined of any other record: it is to be read, and nothing is written
   * @throws AppError where its resource or scope cannot be read
   */
  putPlain?(item: Piece, out: ByteWriter): boolean | undefined
}

export interface RecordEvents {
  readonly events: readonly WrittenEvent[]
  /** Two records that say no time may be equal and yet be two. */
  readonly hasTime: boolean
}

export interface WrittenEvent {
  readonly text: string
  /** See `plain` of DecodedBody: but for its size, admission has nothing to say about it. */
  readonly isPlain: boolean
  /** What the text says, where that is at hand. */
  readonly value?: JsonObject
}

export function writeEvent(value: JsonObject): WrittenEvent {
  return { text: JSON.stringify(value), isPlain: false, value }
}
