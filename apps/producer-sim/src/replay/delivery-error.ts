import { describeAnswer, type Answer } from '../http/parse-answer.ts'

/** A batch could not be delivered; whether the server has it is unknown. The same keys may be sent again. */
export class DeliveryError extends Error {
  constructor(answer: Answer) {
    const temporary = answer.type === 'busy' || answer.type === 'unreachable'
    super(`${temporary ? 'gave up' : 'this does not look like ingest-api'}: ${describeAnswer(answer)}`)
    this.name = 'DeliveryError'
  }
}
