import type { TemplateClient } from './template-client.ts'
import { toTemplateValue } from './to-template-value.ts'

/** The variables of a text, for one client. */
export function templateScope(client: TemplateClient) {
  const { phone, operatorCode, tag, timeZone, attributes, unsubscribeUrl = '' } = client
  return {
    phone: String(phone),
    operatorCode,
    tag,
    timeZone,
    attributes: toTemplateValue(attributes),
    unsubscribeUrl,
  }
}
