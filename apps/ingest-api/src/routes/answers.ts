import type { FastifyReply } from 'fastify'
import type { IntakeAnswer } from '../intake.ts'

const JSON_TYPE = 'application/json; charset=utf-8'

/** Ready-made: the most frequent answers of all. */
const OK = '{"status":"ok"}'
const STORED = '{"status":"stored"}'

/** Answers a single event: 202, or 200 when its row is committed. */
export function answerSingle(reply: FastifyReply, { status }: IntakeAnswer, id: string): void {
  void reply.header('event-id', id).header('content-type', JSON_TYPE)
  if (status === 'stored') void reply.code(200).send(STORED)
  else void reply.code(202).send(OK)
}

/** Answers a batch with what was accepted, and with what was not and why. */
export function answerBatch(reply: FastifyReply, { status, accepted, rejected }: IntakeAnswer): void {
  void reply
    .code(status === 'stored' ? 200 : 202)
    .header('content-type', JSON_TYPE)
    .send(JSON.stringify({ status, accepted, rejected }))
}
