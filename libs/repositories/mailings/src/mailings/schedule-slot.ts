/** The slot of the statistics in which the schedule counts: senders, who count from 0 on, never wait for it. */
export const SCHEDULE_SLOT = -1
