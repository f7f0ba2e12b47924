import { LOG_MEMBERS, type JsonObject } from '@runnel/contracts'

/** @returns the member that is the message, which is not repeated; others may say the same */
export function findMessageMember(members: JsonObject, message: string): string | undefined {
  return LOG_MEMBERS.message.find((name) => Object.hasOwn(members, name) && members[name] === message)
}
