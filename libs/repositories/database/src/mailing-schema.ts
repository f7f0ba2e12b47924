import type {
  AddressChannel,
  AuditSubject,
  ChannelName,
  MailingStatus,
  MessageStatus,
} from '@runnel/contracts'
import type { Generated } from 'kysely'

/** The tables of mailings, as Kysely sees them. */
export interface MailingSchema {
  client: ClientTable
  suppression: SuppressionTable
  suppressed_address: SuppressedAddressTable
  mailing: MailingTable
  mailing_text: MailingTextTable
  sent_text: SentTextTable
  mailing_zone: MailingZoneTable
  mailing_cell: MailingCellTable
  mailing_stat: MailingStatTable
  mailing_tally: MailingTallyTable
  message: MessageTable
  send_chunk: SendChunkTable
  retry: RetryTable
  attempt: AttemptTable
  audit_log: AuditLogTable
  client_import: ClientImportTable
  client_import_error: ClientImportErrorTable
}

interface ClientTable {
  id: Generated<number>
  /** E.164 without the plus sign. */
  phone: number
  operator_code: string
  tag: Generated<string>
  /** IANA name. */
  time_zone: string
  /** Further members that a template may use. */
  attributes: Generated<unknown>
  /** A copy of what the suppression list says of the phone. */
  opted_out_at: Date | null
  /** Its address of the channel `email`; null: it has none. */
  email: string | null
  /** Of the channel `webhook`. */
  webhook_url: string | null
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

/** Phones that get no messages, whatever becomes of their clients. */
interface SuppressionTable {
  phone: number
  reason: string
  source: string
  actor: string
  opted_out_at: Generated<Date>
  added_at: Generated<Date>
}

/** Addresses that get no messages by their channel, whatever becomes of their clients. */
interface SuppressedAddressTable {
  channel: AddressChannel
  /** Of e-mails: in lower case, as PostgreSQL makes it. */
  address: string
  reason: string
  source: string
  actor: string
  /** By whose message the person opted out. */
  mailing_id: number | null
  client_id: number | null
  opted_out_at: Generated<Date>
  added_at: Generated<Date>
}

interface MailingTable {
  id: Generated<number>
  /** Idempotency key of the request that created it. */
  request_key: string | null
  name: Generated<string>
  status: MailingStatus
  starts_at: Date
  ends_at: Date
  /** Template of the subject; null where the channel has none. */
  subject: string | null
  channel: Generated<ChannelName>
  template: string
  /** Empty: every operator. */
  operator_codes: Generated<string[]>
  /** Empty: every tag. */
  tags: Generated<string[]>
  /** Minutes since local midnight; null together: all day. A window whose end is not after its start crosses midnight. */
  window_from: number | null
  window_to: number | null
  rate_per_second: number | null
  /** Counts the edits. */
  version: Generated<number>
  /** The greatest client id at the start: the audience are clients up to it. */
  audience_through: number | null
  /** Clients up to this id have their messages. */
  materialised_through: Generated<number>
  /** When the last one had. */
  materialised_at: Date | null
  message_count: Generated<number>
  created_at: Generated<Date>
  updated_at: Generated<Date>
  started_at: Date | null
  /** When it was completed, expired or cancelled. */
  finished_at: Date | null
  /** When, after that, no message was open any more. */
  settled_at: Date | null
  deleted_at: Date | null
  /** Of one that was prolonged: chunks whose first message has a greater id may hold expired messages. Null: none does. */
  reopen_after: number | null
  /** The mailing of which this one is a test. */
  test_of: number | null
  /** Mailings of which the clients have got one; empty: any client. */
  received: Generated<number[]>
  /** Mailings of which the clients have got none. */
  not_received: Generated<number[]>
  /** Why it was paused without a person; null once it is resumed. */
  rest_reason: string | null
  /** Who made and edited it; of keys, who made them as well. */
  authors: Generated<string[]>
  /** The version that was due and reaches so many that another person has to approve it. */
  approval_wanted: number | null
  approved_version: number | null
  approved_by: string | null
  approved_at: Date | null
}

/** A version without a row has the text of the version before. */
interface MailingTextTable {
  mailing_id: number
  version: number
  template: string
  subject: string | null
  at: Generated<Date>
}

/** The texts of attempts that were recorded together: a JSON array, deflated. */
interface SentTextTable {
  id: Generated<number>
  at: Generated<Date>
  texts: Buffer
}

/** The open or next window of a mailing in a time zone, made by the one engine that knows time zones. */
interface MailingZoneTable {
  mailing_id: number
  time_zone: string
  open_from: Date
  open_until: Date
}

interface MailingCellTable {
  mailing_id: number
  id: number
  operator_code: string
  tag: string
}

interface MailingStatTable {
  mailing_id: number
  cell: number
  status: MessageStatus
  slot: number
  count: number
}

/** Closed messages by the time of their last transition; minutes count `sent` alone, and are purged. */
interface MailingTallyTable {
  mailing_id: number
  unit: 'hour' | 'minute'
  at: Date
  status: MessageStatus
  slot: number
  count: number
}

interface MessageTable {
  /** The gateway's msgId. */
  id: number
  mailing_id: number
  client_id: number
  cell: number
  status: Generated<MessageStatus>
  /** Made so far. */
  attempts: Generated<number>
  /** Why it failed, was cancelled or is unknown: a short code. */
  reason: string | null
  /** Time of the last transition. */
  updated_at: Date
}

interface SendChunkTable {
  id: Generated<number>
  mailing_id: number
  /** Of all of its clients, when it was made. */
  time_zone: string
  first_message_id: number
  last_message_id: number
  /** Messages up to this id may have been sent. */
  started_through: number
  lease_token: string | null
  lease_owner: string | null
  leased_until: Date | null
  /** Named by the claim of a channel, and null again at once: see the migration 0020. */
  lease_channel: string | null
  closed_at: Date | null
}

/** There is a row exactly while its message is in the status `retry`. */
interface RetryTable {
  message_id: number
  mailing_id: number
  /** Of other channels than the gateway: beyond all times, and the true one is `channel_due_at`. See the migration 0020. */
  due_at: Date
  /** Null: of the gateway. */
  channel_due_at: Date | null
  /** An earlier attempt may have reached the gateway. */
  in_doubt: Generated<boolean>
  /** How often the gateway has refused it for what it is. */
  refusals: Generated<number>
  lease_token: string | null
  lease_owner: string | null
  leased_until: Date | null
}

interface AttemptTable {
  message_id: number
  mailing_id: number
  /** 1 for the first attempt of a message. */
  number: number
  started_at: Date
  duration_ms: number
  outcome: string
  http_status: number | null
  gateway_code: number | null
  detail: string | null
  /** The one that it went to; null, like the three columns below, where an older version recorded the attempt. */
  phone: number | null
  /** Of the mailing. */
  version: number | null
  /** In `sent_text`; null where texts are not kept. */
  text_id: number | null
  /** From 0. */
  text_place: number | null
  /** The one that it went to, where that is no phone. */
  address: string | null
  /** Of the subject, among the texts; null where it has none. */
  subject_place: number | null
}

interface AuditLogTable {
  id: Generated<number>
  at: Generated<Date>
  actor: string
  action: string
  subject: AuditSubject
  subject_id: number | null
  detail: Generated<unknown>
}

/** Lines are counted as they are committed; `rows` is the sum of the other four. */
interface ClientImportTable {
  id: Generated<number>
  status: Generated<'running' | 'completed' | 'aborted'>
  format: string
  actor: string
  rows: Generated<number>
  created: Generated<number>
  updated: Generated<number>
  unchanged: Generated<number>
  rejected: Generated<number>
  /** As its sender calls it. */
  file_name: string | null
  /** Why it was aborted: a short code, and in words. */
  reason: string | null
  message: string | null
  started_at: Generated<Date>
  /** The last sign of life. */
  heartbeat_at: Generated<Date>
  finished_at: Date | null
  /** Of CSV, the line that names the columns, and what separates fields. */
  header: string | null
  separator: string | null
}

/** The first errors of an import, numbered from 1. */
interface ClientImportErrorTable {
  /** The text of the line, where it was kept. */
  content: string | null
  import_id: number
  number: number
  line: number
  field: string | null
  code: string
  message: string
}
