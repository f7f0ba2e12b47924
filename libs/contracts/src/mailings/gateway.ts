/** Body of `POST {base}/v1/send/{msgId}`, with `Authorization: Bearer <token>`. */
export interface GatewayRequest {
  /** The message's id: by it the gateway can recognise a repeat. */
  readonly id: number
  /** E.164 without the plus sign. */
  readonly phone: number
  readonly text: string
}

/** @returns path under the gateway's base URL */
export function gatewayPath(messageId: number): string {
  return `/v1/send/${messageId}`
}
