import { KEY_REUSED } from '@runnel/contracts'
import { decodeUtf8 } from '@runnel/json'
import { Type } from 'typebox'
import type {
  DecodedBody,
  SentBody,
  WireAnswer,
  WireFailure,
  WireFormat,
  WireOutcome,
  WireRequest,
  WireRoute,
} from '../../wire-format.ts'
import { decodeSingle } from '../shared/decode-single.ts'
import { statusOfFailure } from '../shared/status-of-failure.ts'
import { addMetadata, createKey, metadataOf, type DocumentAddress } from './add-metadata.ts'
import { conflict, CREATED } from './answer-bulk.ts'
import { answerFailure, answerJson } from './elastic-answer.ts'
import { ELASTIC_HANDSHAKES } from './elastic-handshakes.ts'
import { describeElasticRoute, idOf, indexOf } from './elastic-routes.ts'

const JSON_TYPE = 'application/json'

const AnswerSchema = Type.Object({ _index: Type.String(), _id: Type.String(), result: Type.String() })

interface DocumentContext extends DocumentAddress {
  readonly isCreated: boolean
}

/** Elasticsearch's routes of single documents, which are logs, and what its clients ask before they send any. */
export const elasticDocument: WireFormat<DocumentContext> = {
  name: 'elasticsearch',
  mediaTypes: [JSON_TYPE, '*'],
  namesEvents: true,
  routes: [
    documentRoute('POST', '/:index/_doc'),
    documentRoute('POST', '/:index/_doc/:id'),
    documentRoute('PUT', '/:index/_doc/:id'),
    documentRoute('POST', '/:index/_create/:id'),
    documentRoute('PUT', '/:index/_create/:id'),
  ],
  handshakes: ELASTIC_HANDSHAKES,
  answer: answerDocument,
  answerError: answerDocumentError,
}

function documentRoute(method: 'POST' | 'PUT', url: string): WireRoute<DocumentContext> {
  const isCreated = url.includes('/_create/')
  return {
    method,
    url,
    access: 'logs:write',
    schema: describeElasticRoute({
      url,
      summary: 'A document as a log, as Elasticsearch takes it',
      consumes: [JSON_TYPE],
      response: { 201: AnswerSchema },
    }),
    decode: (bytes, request) => readDocument(bytes, request, isCreated || asksForCreation(request)),
  }
}

/** `?op_type=create` */
function asksForCreation({ query }: WireRequest): boolean {
  return (query as { readonly op_type?: unknown }).op_type === 'create'
}

function readDocument(bytes: Buffer, request: WireRequest, isCreated: boolean): DecodedBody<DocumentContext> {
  const [index, id] = [indexOf(request), idOf(request)]
  const key = isCreated && id !== undefined ? createKey(index, id) : undefined
  return decodeSingle('logs', { index, id, isCreated }, () => ({
    text: addMetadata(decodeUtf8(bytes), metadataOf({ index, id })),
    key,
  }))
}

function answerDocument(
  { details }: WireOutcome,
  { context: { index, id, isCreated }, events }: SentBody<DocumentContext>,
): WireAnswer {
  if (isCreated && id !== undefined && details !== undefined && details.duplicates.length > 0) {
    const { status, problem } = conflict(id)
    return answerFailure(status, { code: 'conflict', message: problem.reason })
  }
  const name = `"_index":${JSON.stringify(index)},"_id":${JSON.stringify(id ?? events[0]!.id)}`
  return answerJson(201, `{${name},${CREATED}}`)
}

/** Clients drop a document that is answered with 429, and repeat it after 503. */
function answerDocumentError(failure: WireFailure<DocumentContext>): WireAnswer {
  const { error } = failure
  return answerFailure(error.code === KEY_REUSED ? 409 : statusOfFailure(failure), error)
}
