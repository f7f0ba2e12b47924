import type { DescField, Message } from '@bufbuild/protobuf'
import type { GenMessage } from '@bufbuild/protobuf/codegenv2'

/**
 * A body in one of the encodings of OTLP. Messages are taken apart before they are read: what is long can be read in slices, and a
 * record that cannot be read costs only itself. Both encodings give the same messages.
 *
 * @typeParam Piece a message that has not been read yet: its bytes, or its JSON text
 */
export interface MessageSource<Piece> {
  /**
   * Takes a request apart: its resources, their scopes, their records.
   *
   * @param maxItems of each of them together
   * @returns steps, to be interrupted at will
   * @throws AppError as {@link split} does
   */
  takeApart(path: ContainerPath, maxItems: number): Generator<void, ResourcePieces<Piece>[]>
  /** In bytes or characters: what it costs to read it. */
  sizeOf(piece: Piece): number
  /**
   * Takes the messages of some fields out of a message, unread.
   *
   * @param maxItems that are taken out at most
   * @throws AppError bad_request | bad_json | invalid_field where it is no message, too_many_items
   */
  split(piece: Piece, fields: readonly DescField[], maxItems: number): SplitMessage<Piece>
  /**
   * The bytes of a message that may be read without making an object of it.
   *
   * @returns undefined of JSON, and of what {@link read} refuses for its size
   */
  protobufOf(piece: Piece): Uint8Array | undefined
  /**
   * @throws AppError invalid_field | bad_encoding | too_deep where it is no such message, body_too_large of one beyond an event's limit; bad_json of a text that makes the whole body
   * malformed
   */
  read<M extends Message>(schema: GenMessage<M>, piece: Piece): M
}

/** Which fields hold the containers of resources, in these those of scopes, and in these the records. */
export interface ContainerPath {
  readonly resources: DescField
  readonly scopes: DescField
  readonly records: DescField
}

/** A resource: `rest` is its container without the scopes. */
export interface ResourcePieces<Piece> {
  readonly rest: Piece
  readonly scopes: readonly ScopePieces<Piece>[]
}

export interface ScopePieces<Piece> {
  readonly rest: Piece
  readonly records: readonly Piece[]
}

/** A message, and those that were taken out of it. */
export interface SplitMessage<Piece> {
  /** What is left: it can be read as the message, without those fields. */
  readonly rest: Piece
  readonly items: readonly Piece[]
  /** The field of each item. */
  readonly fields: readonly DescField[]
}

/** Messages within messages that are read: as many as give the nesting that JSON may have. */
export const MAX_MESSAGE_DEPTH = 200
