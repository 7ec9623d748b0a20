/* eslint-disable */
/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What a change of a matter is about. */
export type DraftChangeArea =
  /** A field of the form. */
  | 'field'
  /** A rule across fields. */
  | 'rule'
  /** A material. */
  | 'material'
  /** A limit. */
  | 'limit'
  /** The fee. */
  | 'fee'
  /** A condition. */
  | 'condition';

/** States of an uploaded file. */
export type FileStatus =
  /** Announced, bytes not checked yet. */
  | 'pending'
  /** Bytes checked. */
  | 'stored'
  /** Bytes did not match what was announced. */
  | 'rejected';

/** A material handed in: files, or a licence reused, or a commitment. */
export type MaterialInput = {
  /** Name of the material. */
  ref: string;
  /** Files uploaded for it. */
  files?: Array<string | number> | null | undefined;
  /** Licence that stands for it. */
  reuse?: string | number | null | undefined;
  /** Whether the applicant gives the commitment of the matter instead (告知承诺). */
  commitment?: boolean | null | undefined;
};

/** Saves a draft. */
export type SaveDraftInput = {
  /** The draft to save over; a new one when left out. */
  draft?: string | number | null | undefined;
  /** The matter applied for. */
  matter: string | number;
  /** The form as filled so far. */
  form: unknown;
  /** Materials; unchanged when left out. */
  materials?: Array<MaterialInput> | null | undefined;
};

/** Announces a file. */
export type RequestUploadInput = {
  /** The draft, case or special procedure it belongs to. */
  owner: string | number;
  /** Name of the material or report field. */
  material: string;
  /** Name of the file. */
  filename: string;
  /** Size in bytes. */
  size: number;
  /** SHA-256 of the bytes, hexadecimal. */
  sha256: string;
  /** Media type. */
  mime: string;
};

/** Completes an upload. */
export type CompleteUploadInput = {
  /** The file. */
  file: string | number;
};

/** Submits a draft. */
export type SubmitApplicationInput = {
  /** The draft. */
  draft: string | number;
  /** The applicant states that everything is true (行政许可法 art. 31). */
  statement: boolean;
};

/** Answers a correction notice. */
export type ResubmitCorrectionInput = {
  /** The case. */
  case: string | number;
  /** The corrected form; unchanged when left out. */
  form?: unknown;
  /** The materials asked for. */
  materials: Array<MaterialInput>;
  /** Version of the case that was read. */
  version: number;
};

/** Withdraws an application. */
export type WithdrawCaseInput = {
  /** The case. */
  case: string | number;
  /** Why. */
  reason: string;
  /** Version of the case that was read. */
  version: number;
};

/** Filters of case lists; all given ones hold together. */
export type CaseFilter = {
  /** Only these states. */
  status?: Array<CaseStatus> | null | undefined;
  /** Only this matter. */
  matter?: string | number | null | undefined;
  /** Name of the implementing department. */
  department?: string | null | undefined;
  /** Start of the number, or of the applicant's name. */
  text?: string | null | undefined;
  /** Received on or after this day. */
  receivedFrom?: string | null | undefined;
  /** Received on or before this day. */
  receivedTo?: string | null | undefined;
  /** Only cases with a running agency clock past its due date. */
  overdue?: boolean | null | undefined;
};

/** States of a case (SM-05). */
export type CaseStatus =
  /** Received (收件). */
  | 'received'
  /** In pre-review (预审). */
  | 'pre_review'
  /** Waiting for the applicant's correction (待补正). */
  | 'awaiting_correction'
  /** On the abnormal list: a person must end it. */
  | 'abnormal'
  /** Accepted (受理). */
  | 'accepted'
  /** Being handled. */
  | 'processing'
  /** A clock is suspended by a special procedure (特别程序). */
  | 'suspended'
  /** Waiting for a supplement (补齐). */
  | 'awaiting_supplement'
  /** Decided (办结). */
  | 'decided'
  /** Waiting for payment. */
  | 'awaiting_payment'
  /** Payment overdue: the result is held, never voided. */
  | 'held'
  /** The result is being made (制证). */
  | 'issuing'
  /** Waiting to be collected or sent. */
  | 'awaiting_delivery'
  /** Not collected in time, kept for the applicant. */
  | 'stored'
  /** Handed over to the applicant (已送达). */
  | 'delivered'
  /** Ended. */
  | 'ended'
  /** Archived (归档). */
  | 'archived';

/** States of a material of a case. */
export type MaterialStatus =
  /** Not handed in. */
  | 'missing'
  /** Handed in. */
  | 'submitted'
  /** Found in order. */
  | 'accepted'
  /** Found defective. */
  | 'defective'
  /** Not needed here. */
  | 'waived'
  /** Replaced by a commitment (告知承诺). */
  | 'committed'
  /** May follow later (容缺). */
  | 'tolerated'
  /** Taken from the licence store. */
  | 'reused';

/** How far a case is at a step. */
export type FlowStepState =
  /** The case has passed it. */
  | 'done'
  /** The case is there. */
  | 'current'
  /** The case can still come there. */
  | 'ahead'
  /** The case went another way, or has ended. */
  | 'skipped';

/** Makes a document record. */
export type IssueDocumentInput = {
  /** The task. */
  task: string | number;
  /** The action it unlocks. */
  action: string;
  /** Fields of the document. */
  fields?: unknown;
};

/** Kinds of account. */
export type AccountType =
  /** A citizen (自然人). */
  | 'natural_person'
  /** A legal person (法人). */
  | 'legal_person'
  /** Another organisation (其他组织). */
  | 'other_org'
  /** A member of staff (工作人员). */
  | 'staff'
  /** A terminal or another device. */
  | 'device'
  /** The engine itself. */
  | 'system';

/** Log-in of an applicant or a member of staff. */
export type SignInInput = {
  /** Login name, mobile or e-mail. */
  login: string;
  /** Password. */
  password: string;
  /** Division code of the tenant, for staff; applicants leave it out. */
  tenant?: string | null | undefined;
};

/** Themes to subscribe to. */
export type SubscribeThemesInput = {
  /** All of them, at most 50 of at most 50 characters; none to end it. */
  themes: Array<string>;
  /** Echoed back. */
  clientMutationId?: string | null | undefined;
};

/** States of a licence (SM-11). */
export type LicenceStatus =
  /** Being made. */
  | 'issuing'
  /** Valid. */
  | 'valid'
  /** Suspended. */
  | 'suspended'
  /** Its term is over. */
  | 'expired'
  /** Annulled 撤销 (行政许可法 art. 69). */
  | 'annulled'
  /** Withdrawn 撤回 (行政许可法 art. 8). */
  | 'withdrawn'
  /** Revoked 吊销 by penalty. */
  | 'revoked'
  /** Cancelled 注销 (行政许可法 art. 70). */
  | 'cancelled'
  /** Replaced by a later version. */
  | 'superseded';

/** Verdicts of a check. */
export type LicenceVerdict =
  /** Genuine and valid now. */
  | 'valid'
  /** Genuine, not valid now: see `status`. */
  | 'not_valid'
  /** Signature or code does not verify. */
  | 'forged'
  /** No such licence. */
  | 'unknown';

/** Filters of the matter list; all given ones hold together. */
export type MatterFilter = {
  /** Name of the implementing department. */
  department?: string | null | undefined;
  /** Line of work (条线), which is the administrative function. */
  line?: string | null | undefined;
  /** Theme, such as 餐饮. */
  theme?: string | null | undefined;
  /** Kind of applicant served, such as `enterprise`. */
  serviceObject?: string | null | undefined;
  /** Class of applicants served: `citizen`, `enterprise` or `government`. */
  serviceGroup?: string | null | undefined;
  /** Kind of power, such as `administrative_licence`. */
  itemType?: string | null | undefined;
  /** `instant` 即办件, `promised` 承诺件 or `forwarded` 上报件. */
  caseType?: string | null | undefined;
  /** Whether other departments take part (联办事项). */
  joint?: boolean | null | undefined;
  /** Level that exercises the power, such as `county`. */
  level?: string | null | undefined;
  /** Channel through which one may apply, such as `web`. */
  channel?: string | null | undefined;
  /** Way of getting the result, such as `courier`. */
  delivery?: string | null | undefined;
  /** Depth of online handling, I to IV, which is the stage of maturity. */
  onlineDepth?: string | null | undefined;
  /** How far applications from elsewhere are taken (通办范围): none, city, province or nation. */
  crossArea?: string | null | undefined;
  /** Text in the title of a step of its flow or of one of its special procedures, such as 现场核查 (办理流程). */
  step?: string | null | undefined;
};

/** Orders of the matter list. */
export type MatterOrder =
  /** Best match first; by code without a text. */
  | 'relevance'
  /** By basic code. */
  | 'code'
  /** By title. */
  | 'title'
  /** Most applied for in the last 30 days first; what an applicant has applied for before, and what is like it, weighs more. */
  | 'hot';

/** How near a linked case is to its limit. */
export type Light =
  /** In time. */
  | 'green'
  /** Near its limit. */
  | 'yellow'
  /** Past its limit. */
  | 'red';

/** What a change does to a resource. */
export type PlanAction =
  /** New. */
  | 'add'
  /** Different. */
  | 'change'
  /** Gone. */
  | 'remove';

/** Whether a problem stops the work or is only shown. */
export type Severity =
  /** Stops the work. */
  | 'error'
  /** Is shown, and stops nothing. */
  | 'warning';

/** The units in which limits count. */
export type LimitUnit =
  /** Hours. */
  | 'hour'
  /** Working days of the tenant's calendar (行政许可法 art. 82). */
  | 'workday'
  /** Calendar days. */
  | 'day'
  /** Calendar months. */
  | 'month'
  /** Calendar years. */
  | 'year';

/** Decides a special procedure. */
export type DecideSpecialInput = {
  /** The procedure. */
  special: string | number;
  /** Whether it is approved. */
  approve: boolean;
  /** Why. */
  reason?: string | null | undefined;
};

/** Records a result. */
export type RecordSpecialResultInput = {
  /** The procedure. */
  special: string | number;
  /** The report, with `result`. */
  report: unknown;
  /** Accounts that carried it out. */
  executors: Array<string | number>;
};

/** Which tasks, seen from the viewer. */
export type TaskView =
  /** Assigned to the viewer. */
  | 'mine'
  /** Offered to the viewer and claimable. */
  | 'claimable'
  /** Mine and claimable: the to-do list. */
  | 'todo'
  /** Done by the viewer. */
  | 'done'
  /** All that the viewer's data scope covers. */
  | 'all';

/** Filters of the task list; all given ones hold together. */
export type TaskFilter = {
  /** Which tasks; `todo` when left out. */
  view?: TaskView | null | undefined;
  /** Only this matter. */
  matter?: string | number | null | undefined;
  /** Only this node of the workflow. */
  node?: string | null | undefined;
  /** Start of the case number. */
  number?: string | null | undefined;
  /** Due on or before this day. */
  dueBefore?: string | null | undefined;
};

/** Orders of the task list. */
export type TaskOrder =
  /** Earliest due first; tasks without a limit last. */
  | 'due_asc'
  /** First opened first. */
  | 'opened_asc'
  /** Last opened first. */
  | 'opened_desc';

/** States of a task (SM-06). */
export type TaskState =
  /** Offered to its candidates. */
  | 'offered'
  /** Claimed or assigned. */
  | 'in_progress'
  /** Done. */
  | 'done'
  /** Cancelled with its case or token. */
  | 'cancelled';

/** Takes a task. */
export type ClaimTaskInput = {
  /** The task. */
  task: string | number;
};

/** Gives a task back. */
export type ReleaseTaskInput = {
  /** The task. */
  task: string | number;
};

/** Does an action. */
export type ActOnTaskInput = {
  /** The task. */
  task: string | number;
  /** Id of the action. */
  action: string;
  /** Fields the action takes. */
  fields?: unknown;
  /** Opinion (意见). */
  opinion?: string | null | undefined;
  /** Version of the case that was read. */
  version: number;
};

/** Levels of the tree of governments (行政层级). */
export type TenantLevel =
  /** The national base, root of the tree. */
  | 'platform'
  /** Province (省). */
  | 'province'
  /** City (市). */
  | 'city'
  /** County (县). */
  | 'county'
  /** Township (乡镇). */
  | 'township'
  /** Village (村). */
  | 'village';

/** States of a tenant (SM-01). */
export type TenantStatus =
  /** Being prepared: it does everything but take applications. */
  | 'draft'
  /** In service. */
  | 'active'
  /** Takes no new applications; open cases go on. */
  | 'suspended'
  /** Out of service. */
  | 'retired'
  /** Merged into another tenant. */
  | 'merged';

export type ApplyMatterQueryVariables = Exact<{
  name: string;
}>;


export type ApplyMatterQuery = { matter: { id: string, name: string, title: string, open: boolean, minUserLevel: string | null, tenant: { code: string, title: string }, department: { title: string } | null, promisedLimit: { text: string } | null, acceptanceWindow: { text: string } | null, form: { title: string, schema: unknown, sensitive: Array<string>, sections: Array<{ title: string, fields: Array<string>, showWhen: string | null }>, prefill: Array<{ field: string, editable: boolean }> } | null, materials: Array<{ ref: string, title: string, required: boolean, requiredWhen: string | null, source: string, issuingBody: string | null, formKind: string | null, formats: Array<string>, maxMb: number, checkPoints: Array<string>, sampleUrl: string | null, blankUrl: string | null, commitment: string | null, waiveWhenFound: boolean, generatedFromForm: boolean, toleranceDue: { text: string } | null }> } | null };

export type DraftPartsFragment = { id: string, form: unknown, version: number, savedAt: string, expiresAt: string, matter: { id: string }, materials: Array<{ ref: string, commitment: boolean, files: Array<{ id: string, filename: string, size: number, status: FileStatus }>, reuse: { id: string, title: string, licenceNo: string } | null }>, problems: Array<{ path: string | null, code: string, message: string, hint: string | null, severity: Severity }>, changes: Array<{ area: DraftChangeArea, action: PlanAction, name: string, title: string }> };

export type DraftsQueryVariables = Exact<{ [key: string]: never; }>;


export type DraftsQuery = { drafts: { edges: Array<{ node: { id: string, form: unknown, version: number, savedAt: string, expiresAt: string, matter: { id: string }, materials: Array<{ ref: string, commitment: boolean, files: Array<{ id: string, filename: string, size: number, status: FileStatus }>, reuse: { id: string, title: string, licenceNo: string } | null }>, problems: Array<{ path: string | null, code: string, message: string, hint: string | null, severity: Severity }>, changes: Array<{ area: DraftChangeArea, action: PlanAction, name: string, title: string }> } }> } };

export type SaveDraftMutationVariables = Exact<{
  input: SaveDraftInput;
}>;


export type SaveDraftMutation = { saveDraft: { draft: { id: string, form: unknown, version: number, savedAt: string, expiresAt: string, matter: { id: string }, materials: Array<{ ref: string, commitment: boolean, files: Array<{ id: string, filename: string, size: number, status: FileStatus }>, reuse: { id: string, title: string, licenceNo: string } | null }>, problems: Array<{ path: string | null, code: string, message: string, hint: string | null, severity: Severity }>, changes: Array<{ area: DraftChangeArea, action: PlanAction, name: string, title: string }> } } };

export type RequestUploadMutationVariables = Exact<{
  input: RequestUploadInput;
}>;


export type RequestUploadMutation = { requestUpload: { url: string, method: string, headers: unknown, file: { id: string, filename: string, size: number, status: FileStatus } } };

export type CompleteUploadMutationVariables = Exact<{
  input: CompleteUploadInput;
}>;


export type CompleteUploadMutation = { completeUpload: { file: { id: string, filename: string, size: number, status: FileStatus } } };

export type SubmitApplicationMutationVariables = Exact<{
  input: SubmitApplicationInput;
}>;


export type SubmitApplicationMutation = { submitApplication: { case: { id: string, number: string } } };

export type ReceiptQueryVariables = Exact<{
  id: string | number;
}>;


export type ReceiptQuery = { case: { id: string, number: string, queryCode: string | null, receivedAt: string, tenant: { code: string, title: string }, matter: { title: string, department: { title: string } | null, places: { phone: string | null } | null, acceptanceWindow: { text: string } | null, promisedLimit: { text: string } | null }, clocks: Array<{ kind: string, title: string, dueOn: string, provisional: boolean, state: string }>, documents: Array<{ id: string, title: string, number: string, file: { url: string | null } | null }> } | null };

export type HallsQueryVariables = Exact<{ [key: string]: never; }>;


export type HallsQuery = { halls: Array<{ name: string, title: string, places: { address: string | null, hours: string | null, phone: string | null, complaint: string | null } | null, residents: Array<{ name: string, title: string, matters: number }> }> };

export type HallPageQueryVariables = Exact<{
  name: string;
  department?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type HallPageQuery = { hall: { name: string, title: string, department: { title: string } | null, places: { address: string | null, hours: string | null, phone: string | null, complaint: string | null } | null, windows: Array<{ id: string, title: string, all: boolean, functions: Array<string>, matters: Array<string> }>, residents: Array<{ name: string, title: string, matters: number }>, matters: { edges: Array<{ node: { id: string, name: string, title: string, itemType: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type InputPartsFragment = { name: string, title: string, type: string, required: boolean, maxLength: number | null, min: number | null, max: number | null, default: unknown, options: Array<{ value: string, title: string }> };

export type TaskPartsFragment = { id: string, node: string, title: string, state: TaskState, dueOn: string | null, remaining: number | null, assignee: { id: string, name: string } | null, candidates: Array<{ id: string, name: string }>, form: Array<{ name: string, title: string, type: string, required: boolean, maxLength: number | null, min: number | null, max: number | null, default: unknown, options: Array<{ value: string, title: string }> }>, actions: Array<{ id: string, title: string, effect: string | null, requires: Array<string>, document: string | null, documentTitle: string | null, unlocked: boolean, lockedReason: string | null, lockedMessage: string | null, issued: { id: string, title: string, number: string, date: string, file: { url: string | null } | null } | null, inputs: Array<{ name: string, title: string, type: string, required: boolean, maxLength: number | null, min: number | null, max: number | null, default: unknown, options: Array<{ value: string, title: string }> }> }> };

export type HandlingCaseQueryVariables = Exact<{
  id: string | number;
}>;


export type HandlingCaseQuery = { case: { id: string, number: string, status: CaseStatus, statusText: string, outcome: string | null, channel: string, version: number, digest: string, receivedAt: string, acceptedOn: string | null, deemedAccepted: boolean, decidedOn: string | null, promisedDueOn: string | null, statutoryDueOn: string | null, form: unknown, facts: unknown, tenant: { code: string, title: string }, matter: { name: string, title: string, department: { title: string } | null, form: { schema: unknown, sensitive: Array<string>, sections: Array<{ title: string, fields: Array<string>, showWhen: string | null }> } | null, materials: Array<{ ref: string, checkPoints: Array<string> }> }, applicant: { type: string, name: string, uscc: string | null, idMasked: string | null, mobileMasked: string | null, agentName: string | null }, materials: Array<{ ref: string, title: string, required: boolean, status: MaterialStatus, defectNote: string | null, dueOn: string | null, fulfilledBy: string | null, files: Array<{ id: string, filename: string, size: number, mime: string, sha256: string, url: string | null }> }>, tasks: Array<{ id: string, node: string, title: string, state: TaskState, dueOn: string | null, remaining: number | null, assignee: { id: string, name: string } | null, candidates: Array<{ id: string, name: string }>, form: Array<{ name: string, title: string, type: string, required: boolean, maxLength: number | null, min: number | null, max: number | null, default: unknown, options: Array<{ value: string, title: string }> }>, actions: Array<{ id: string, title: string, effect: string | null, requires: Array<string>, document: string | null, documentTitle: string | null, unlocked: boolean, lockedReason: string | null, lockedMessage: string | null, issued: { id: string, title: string, number: string, date: string, file: { url: string | null } | null } | null, inputs: Array<{ name: string, title: string, type: string, required: boolean, maxLength: number | null, min: number | null, max: number | null, default: unknown, options: Array<{ value: string, title: string }> }> }> }>, clocks: Array<{ id: string, kind: string, title: string, party: string, unit: LimitUnit, n: number, extended: number, startedOn: string, dueOn: string, provisional: boolean, state: string, remaining: number, explain: Array<string>, segments: Array<{ fromOn: string, toOn: string | null, reason: string, basis: string | null, shift: number }> }>, timeline: Array<{ seq: number, type: string, title: string, actorName: string, actingRole: string | null, at: string, hash: string, prevHash: string }>, documents: Array<{ id: string, title: string, number: string, class: string, date: string, digest: string, voided: boolean, voidReason: string | null, issuedBy: { name: string } | null, file: { url: string | null } | null }>, corrections: Array<{ id: string, sequence: number, reason: string, status: string, applicantDueOn: string | null, items: Array<{ material: string | null, field: string | null, requirement: string }> }>, specials: Array<{ id: string, procedure: string, title: string, status: string, reason: string | null, startedOn: string | null, expectedOn: string | null, endedOn: string | null, result: string | null, report: unknown, promisedEffect: string, statutoryEffect: string, minimumPersons: number, recordable: boolean, decidable: boolean, executors: Array<{ id: string, name: string }>, inputs: Array<{ name: string, title: string, type: string, required: boolean, maxLength: number | null, min: number | null, max: number | null, default: unknown, options: Array<{ value: string, title: string }> }> }>, licence: { title: string, licenceNo: string, identifier: string, status: LicenceStatus, validFrom: string, validTo: string | null, file: { url: string | null } | null } | null, archive: { digest: string, status: string, packagedAt: string, retentionUntil: string | null } | null } | null };

export type IssueDocumentMutationVariables = Exact<{
  input: IssueDocumentInput;
}>;


export type IssueDocumentMutation = { issueDocument: { document: { id: string, number: string, title: string } } };

export type ActOnTaskMutationVariables = Exact<{
  input: ActOnTaskInput;
}>;


export type ActOnTaskMutation = { actOnTask: { case: { id: string, version: number, statusText: string } } };

export type RecordSpecialResultMutationVariables = Exact<{
  input: RecordSpecialResultInput;
}>;


export type RecordSpecialResultMutation = { recordSpecialResult: { case: { id: string, version: number } } };

export type DecideSpecialMutationVariables = Exact<{
  input: DecideSpecialInput;
}>;


export type DecideSpecialMutation = { decideSpecial: { case: { id: string, version: number } } };

export type VerifyLicenceQueryVariables = Exact<{
  identifier?: string | null | undefined;
  qr?: string | null | undefined;
}>;


export type VerifyLicenceQuery = { verifyLicence: { verdict: LicenceVerdict, message: string, status: LicenceStatus | null, licenceNo: string | null, identifier: string | null, title: string | null, issuer: string | null, validFrom: string | null, validTo: string | null, signatureValid: boolean | null, checkedAt: string, fields: Array<{ name: string, title: string, value: string }> } };

export type MatterRowFragment = { id: string, name: string, title: string, itemType: string, caseType: string, joint: boolean, open: boolean, serviceObjects: Array<string>, visits: number | null, onlineDepth: string | null, tenant: { code: string, title: string }, department: { title: string } | null, promisedLimit: { text: string } | null };

export type MattersQueryVariables = Exact<{
  text?: string | null | undefined;
  filter?: MatterFilter | null | undefined;
  orderBy?: MatterOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  facets: boolean;
}>;


export type MattersQuery = { matters: { edges: Array<{ titleParts: Array<{ text: string, matched: boolean }>, node: { id: string, name: string, title: string, itemType: string, caseType: string, joint: boolean, open: boolean, serviceObjects: Array<string>, visits: number | null, onlineDepth: string | null, tenant: { code: string, title: string }, department: { title: string } | null, promisedLimit: { text: string } | null } }>, facets?: Array<{ name: string, values: Array<{ value: string, title: string | null, count: number }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type HotMattersQueryVariables = Exact<{
  filter?: MatterFilter | null | undefined;
}>;


export type HotMattersQuery = { matters: { edges: Array<{ node: { name: string, title: string } }> } };

export type MatterGuideQueryVariables = Exact<{
  name: string;
}>;


export type MatterGuideQuery = { matter: { id: string, name: string, title: string, itemType: string, caseType: string, open: boolean, basicCode: string | null, implementationCode: string | null, exerciseLevel: string | null, serviceObjects: Array<string>, conditions: Array<string>, channels: Array<string>, handlingForms: Array<string>, delivery: Array<string>, onlineDepth: string | null, visits: number | null, minUserLevel: string | null, tenant: { code: string, title: string, portal: { supervisionPhone: string | null } | null }, department: { title: string } | null, legalBasis: Array<{ law: string, article: string | null, documentNo: string | null, text: string | null, url: string | null }>, statutoryLimit: { n: number, unit: LimitUnit, text: string } | null, promisedLimit: { n: number, unit: LimitUnit, text: string } | null, acceptanceWindow: { text: string } | null, materials: Array<{ ref: string, title: string, required: boolean, requiredWhen: string | null, source: string, issuingBody: string | null, formKind: string | null, formats: Array<string>, maxMb: number, copies: number, checkPoints: Array<string>, sampleUrl: string | null, blankUrl: string | null, commitment: string | null, waiveWhenFound: boolean, generatedFromForm: boolean, toleranceDue: { text: string } | null }>, fee: { title: string, charge: string, amountFen: number | null, basis: string | null } | null, specialProcedures: Array<{ name: string, title: string, legalBasis: string | null, promisedEffect: string, statutoryEffect: string, max: { text: string } | null }>, results: Array<{ kind: string, name: string, title: string }>, situations: Array<{ id: string, title: string, outcome: string, message: string | null, redirectTo: string | null }>, steps: Array<{ node: string, title: string, phase: string, limit: { text: string } | null }>, places: { address: string | null, hours: string | null, phone: string | null, complaint: string | null } | null, faq: Array<{ question: string, answer: string }>, guide: { version: string, updatedOn: string, digest: string, pdf: string, html: string, sections: Array<{ id: string, title: string, blocks: Array<{ text: string, list: Array<string> | null, facts: Array<{ name: string, value: string }> | null, table: { head: Array<string>, rows: Array<Array<string>> } | null }> }> } | null, remedies: { reconsiderationBody: string | null, reconsiderationDays: number | null, reconsiderationFirst: boolean, litigationCourt: string | null, litigationMonths: number | null } | null } | null };

export type SubordinatesQueryVariables = Exact<{
  under: string;
}>;


export type SubordinatesQuery = { subordinates: { edges: Array<{ node: { code: string, title: string, level: TenantLevel } }> } };

export type LinkedCasesQueryVariables = Exact<{
  under: string;
  filter?: CaseFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type LinkedCasesQuery = { linkedCases: { edges: Array<{ node: { id: string, tenant: string, tenantTitle: string, number: string, matterTitle: string, departmentTitle: string | null, applicantMasked: string, status: CaseStatus, outcome: string | null, receivedAt: string, acceptedOn: string | null, promisedDueOn: string | null, statutoryDueOn: string | null, light: Light, updatedAt: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type MyCasesQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type MyCasesQuery = { myCases: { edges: Array<{ node: { id: string, number: string, status: CaseStatus, statusText: string, receivedAt: string, promisedDueOn: string | null, outcome: string | null, tenant: { code: string, title: string }, matter: { title: string } } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type MyCaseQueryVariables = Exact<{
  id: string | number;
}>;


export type MyCaseQuery = { case: { id: string, number: string, queryCode: string | null, status: CaseStatus, statusText: string, outcome: string | null, version: number, receivedAt: string, acceptedOn: string | null, deemedAccepted: boolean, promisedDueOn: string | null, statutoryDueOn: string | null, form: unknown, tenant: { code: string, title: string }, matter: { title: string, name: string, department: { title: string } | null, places: { phone: string | null } | null, form: { schema: unknown, sensitive: Array<string>, sections: Array<{ title: string, fields: Array<string>, showWhen: string | null }> } | null, materials: Array<{ ref: string, title: string, formats: Array<string>, maxMb: number }>, remedies: { reconsiderationBody: string | null, reconsiderationDays: number | null, reconsiderationFirst: boolean, litigationCourt: string | null, litigationMonths: number | null } | null }, materials: Array<{ ref: string, title: string, required: boolean, status: MaterialStatus, defectNote: string | null, files: Array<{ id: string, filename: string, size: number, url: string | null }> }>, clocks: Array<{ id: string, kind: string, title: string, party: string, n: number, unit: LimitUnit, dueOn: string, provisional: boolean, state: string, remaining: number, explain: Array<string> }>, flow: Array<{ title: string, phase: string, state: FlowStepState, limit: { text: string } | null }>, timeline: Array<{ seq: number, type: string, title: string, actorName: string, at: string }>, documents: Array<{ id: string, alias: string, title: string, number: string, date: string, voided: boolean, file: { url: string | null } | null }>, corrections: Array<{ id: string, sequence: number, reason: string, status: string, issuedAt: string | null, applicantDueOn: string | null, items: Array<{ material: string | null, field: string | null, requirement: string }>, document: { title: string, number: string, file: { url: string | null } | null } | null }>, licence: { id: string, title: string, licenceNo: string, identifier: string, status: LicenceStatus, validFrom: string, validTo: string | null, file: { url: string | null } | null } | null, verbs: Array<{ id: string, title: string, permitted: boolean, reason: string | null }> } | null };

export type CaseProgressQueryVariables = Exact<{
  number: string;
  queryCode: string;
}>;


export type CaseProgressQuery = { caseProgress: { number: string, matterTitle: string, tenantTitle: string, departmentTitle: string | null, status: CaseStatus, statusText: string, outcome: string | null, receivedAt: string, acceptedOn: string | null, promisedDueOn: string | null, waitingFor: string | null, steps: Array<{ title: string, at: string }>, flow: Array<{ title: string, phase: string, state: FlowStepState, limit: { text: string } | null }> } | null };

export type ResubmitCorrectionMutationVariables = Exact<{
  input: ResubmitCorrectionInput;
}>;


export type ResubmitCorrectionMutation = { resubmitCorrection: { case: { id: string, version: number } } };

export type WithdrawCaseMutationVariables = Exact<{
  input: WithdrawCaseInput;
}>;


export type WithdrawCaseMutation = { withdrawCase: { case: { id: string, version: number } } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { permissions: Array<string>, themes: Array<string>, account: { id: string, name: string, type: AccountType, level: string | null, staffNo: string | null, department: { title: string } | null }, home: { code: string, title: string }, actingTenant: { code: string, title: string, level: TenantLevel }, roles: Array<{ role: string, title: string }> } | null };

export type SubscribeThemesMutationVariables = Exact<{
  input: SubscribeThemesInput;
}>;


export type SubscribeThemesMutation = { subscribeThemes: { viewer: { themes: Array<string> } } };

export type SignInMutationVariables = Exact<{
  input: SignInInput;
}>;


export type SignInMutation = { signIn: { expiresAt: string, viewer: { account: { id: string, name: string }, home: { code: string, title: string } } } };

export type SignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type SignOutMutation = { signOut: { ended: boolean } };

export type TasksQueryVariables = Exact<{
  filter?: TaskFilter | null | undefined;
  orderBy?: TaskOrder | null | undefined;
  after?: string | null | undefined;
}>;


export type TasksQuery = { tasks: { edges: Array<{ node: { id: string, node: string, title: string, state: TaskState, openedAt: string, dueOn: string | null, remaining: number | null, closedAt: string | null, assignee: { id: string, name: string } | null, case: { id: string, number: string, statusText: string, promisedDueOn: string | null, applicant: { name: string }, matter: { title: string } } } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type TaskCountsQueryVariables = Exact<{ [key: string]: never; }>;


export type TaskCountsQuery = { mine: { totalCount: number | null }, claimable: { totalCount: number | null } };

export type ClaimTaskMutationVariables = Exact<{
  input: ClaimTaskInput;
}>;


export type ClaimTaskMutation = { claimTask: { task: { id: string } } };

export type ReleaseTaskMutationVariables = Exact<{
  input: ReleaseTaskInput;
}>;


export type ReleaseTaskMutation = { releaseTask: { task: { id: string } } };

export type TenantsQueryVariables = Exact<{
  parent?: string | null | undefined;
  level?: TenantLevel | null | undefined;
  after?: string | null | undefined;
}>;


export type TenantsQuery = { tenants: { edges: Array<{ node: { id: string, code: string, title: string, level: TenantLevel, status: TenantStatus, parent: { code: string } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type TenantQueryVariables = Exact<{
  code: string;
}>;


export type TenantQuery = { tenant: { id: string, code: string, title: string, level: TenantLevel, portal: { title: string | null, colour: string | null, hotline: string | null, supervisionPhone: string | null, menu: Array<{ id: string, title: string, url: string }> } | null } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const DraftPartsFragmentDoc = new TypedDocumentString(`
    fragment DraftParts on Draft {
  id
  form
  version
  savedAt
  expiresAt
  matter {
    id
  }
  materials {
    ref
    commitment
    files {
      id
      filename
      size
      status
    }
    reuse {
      id
      title
      licenceNo
    }
  }
  problems {
    path
    code
    message
    hint
    severity
  }
  changes {
    area
    action
    name
    title
  }
}
    `, {"fragmentName":"DraftParts"}) as unknown as TypedDocumentString<DraftPartsFragment, unknown>;
export const InputPartsFragmentDoc = new TypedDocumentString(`
    fragment InputParts on InputField {
  name
  title
  type
  required
  maxLength
  min
  max
  default
  options {
    value
    title
  }
}
    `, {"fragmentName":"InputParts"}) as unknown as TypedDocumentString<InputPartsFragment, unknown>;
export const TaskPartsFragmentDoc = new TypedDocumentString(`
    fragment TaskParts on Task {
  id
  node
  title
  state
  dueOn
  remaining
  assignee {
    id
    name
  }
  candidates {
    id
    name
  }
  form {
    ...InputParts
  }
  actions {
    id
    title
    effect
    requires
    document
    documentTitle
    unlocked
    lockedReason
    lockedMessage
    issued {
      id
      title
      number
      date
      file {
        url
      }
    }
    inputs {
      ...InputParts
    }
  }
}
    fragment InputParts on InputField {
  name
  title
  type
  required
  maxLength
  min
  max
  default
  options {
    value
    title
  }
}`, {"fragmentName":"TaskParts"}) as unknown as TypedDocumentString<TaskPartsFragment, unknown>;
export const MatterRowFragmentDoc = new TypedDocumentString(`
    fragment MatterRow on Matter {
  id
  name
  title
  itemType
  caseType
  joint
  open
  serviceObjects
  tenant {
    code
    title
  }
  department {
    title
  }
  promisedLimit {
    text
  }
  visits
  onlineDepth
}
    `, {"fragmentName":"MatterRow"}) as unknown as TypedDocumentString<MatterRowFragment, unknown>;
export const ApplyMatterDocument = new TypedDocumentString(`
    query ApplyMatter($name: String!) {
  matter(name: $name) {
    id
    name
    title
    open
    minUserLevel
    tenant {
      code
      title
    }
    department {
      title
    }
    promisedLimit {
      text
    }
    acceptanceWindow {
      text
    }
    form {
      title
      schema
      sections {
        title
        fields
        showWhen
      }
      prefill {
        field
        editable
      }
      sensitive
    }
    materials {
      ref
      title
      required
      requiredWhen
      source
      issuingBody
      formKind
      formats
      maxMb
      checkPoints
      sampleUrl
      blankUrl
      commitment
      waiveWhenFound
      generatedFromForm
      toleranceDue {
        text
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ApplyMatterQuery, ApplyMatterQueryVariables>;
export const DraftsDocument = new TypedDocumentString(`
    query Drafts {
  drafts(first: 100) {
    edges {
      node {
        ...DraftParts
      }
    }
  }
}
    fragment DraftParts on Draft {
  id
  form
  version
  savedAt
  expiresAt
  matter {
    id
  }
  materials {
    ref
    commitment
    files {
      id
      filename
      size
      status
    }
    reuse {
      id
      title
      licenceNo
    }
  }
  problems {
    path
    code
    message
    hint
    severity
  }
  changes {
    area
    action
    name
    title
  }
}`) as unknown as TypedDocumentString<DraftsQuery, DraftsQueryVariables>;
export const SaveDraftDocument = new TypedDocumentString(`
    mutation SaveDraft($input: SaveDraftInput!) {
  saveDraft(input: $input) {
    draft {
      ...DraftParts
    }
  }
}
    fragment DraftParts on Draft {
  id
  form
  version
  savedAt
  expiresAt
  matter {
    id
  }
  materials {
    ref
    commitment
    files {
      id
      filename
      size
      status
    }
    reuse {
      id
      title
      licenceNo
    }
  }
  problems {
    path
    code
    message
    hint
    severity
  }
  changes {
    area
    action
    name
    title
  }
}`) as unknown as TypedDocumentString<SaveDraftMutation, SaveDraftMutationVariables>;
export const RequestUploadDocument = new TypedDocumentString(`
    mutation RequestUpload($input: RequestUploadInput!) {
  requestUpload(input: $input) {
    url
    method
    headers
    file {
      id
      filename
      size
      status
    }
  }
}
    `) as unknown as TypedDocumentString<RequestUploadMutation, RequestUploadMutationVariables>;
export const CompleteUploadDocument = new TypedDocumentString(`
    mutation CompleteUpload($input: CompleteUploadInput!) {
  completeUpload(input: $input) {
    file {
      id
      filename
      size
      status
    }
  }
}
    `) as unknown as TypedDocumentString<CompleteUploadMutation, CompleteUploadMutationVariables>;
export const SubmitApplicationDocument = new TypedDocumentString(`
    mutation SubmitApplication($input: SubmitApplicationInput!) {
  submitApplication(input: $input) {
    case {
      id
      number
    }
  }
}
    `) as unknown as TypedDocumentString<SubmitApplicationMutation, SubmitApplicationMutationVariables>;
export const ReceiptDocument = new TypedDocumentString(`
    query Receipt($id: ID!) {
  case(id: $id) {
    id
    number
    queryCode
    receivedAt
    tenant {
      code
      title
    }
    matter {
      title
      department {
        title
      }
      places {
        phone
      }
      acceptanceWindow {
        text
      }
      promisedLimit {
        text
      }
    }
    clocks {
      kind
      title
      dueOn
      provisional
      state
    }
    documents {
      id
      title
      number
      file {
        url
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ReceiptQuery, ReceiptQueryVariables>;
export const HallsDocument = new TypedDocumentString(`
    query Halls {
  halls {
    name
    title
    places {
      address
      hours
      phone
      complaint
    }
    residents {
      name
      title
      matters
    }
  }
}
    `) as unknown as TypedDocumentString<HallsQuery, HallsQueryVariables>;
export const HallPageDocument = new TypedDocumentString(`
    query HallPage($name: String!, $department: String, $after: String) {
  hall(name: $name) {
    name
    title
    department {
      title
    }
    places {
      address
      hours
      phone
      complaint
    }
    windows {
      id
      title
      all
      functions
      matters
    }
    residents {
      name
      title
      matters
    }
    matters(department: $department, first: 50, after: $after) {
      edges {
        node {
          id
          name
          title
          itemType
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<HallPageQuery, HallPageQueryVariables>;
export const HandlingCaseDocument = new TypedDocumentString(`
    query HandlingCase($id: ID!) {
  case(id: $id) {
    id
    number
    status
    statusText
    outcome
    channel
    version
    digest
    receivedAt
    acceptedOn
    deemedAccepted
    decidedOn
    promisedDueOn
    statutoryDueOn
    tenant {
      code
      title
    }
    matter {
      name
      title
      department {
        title
      }
      form {
        schema
        sections {
          title
          fields
          showWhen
        }
        sensitive
      }
      materials {
        ref
        checkPoints
      }
    }
    applicant {
      type
      name
      uscc
      idMasked
      mobileMasked
      agentName
    }
    form
    facts
    materials {
      ref
      title
      required
      status
      defectNote
      dueOn
      fulfilledBy
      files {
        id
        filename
        size
        mime
        sha256
        url
      }
    }
    tasks {
      ...TaskParts
    }
    clocks {
      id
      kind
      title
      party
      unit
      n
      extended
      startedOn
      dueOn
      provisional
      state
      remaining
      explain
      segments {
        fromOn
        toOn
        reason
        basis
        shift
      }
    }
    timeline {
      seq
      type
      title
      actorName
      actingRole
      at
      hash
      prevHash
    }
    documents {
      id
      title
      number
      class
      date
      digest
      voided
      voidReason
      issuedBy {
        name
      }
      file {
        url
      }
    }
    corrections {
      id
      sequence
      reason
      status
      applicantDueOn
      items {
        material
        field
        requirement
      }
    }
    specials {
      id
      procedure
      title
      status
      reason
      startedOn
      expectedOn
      endedOn
      result
      report
      promisedEffect
      statutoryEffect
      minimumPersons
      recordable
      decidable
      executors {
        id
        name
      }
      inputs {
        ...InputParts
      }
    }
    licence {
      title
      licenceNo
      identifier
      status
      validFrom
      validTo
      file {
        url
      }
    }
    archive {
      digest
      status
      packagedAt
      retentionUntil
    }
  }
}
    fragment InputParts on InputField {
  name
  title
  type
  required
  maxLength
  min
  max
  default
  options {
    value
    title
  }
}
fragment TaskParts on Task {
  id
  node
  title
  state
  dueOn
  remaining
  assignee {
    id
    name
  }
  candidates {
    id
    name
  }
  form {
    ...InputParts
  }
  actions {
    id
    title
    effect
    requires
    document
    documentTitle
    unlocked
    lockedReason
    lockedMessage
    issued {
      id
      title
      number
      date
      file {
        url
      }
    }
    inputs {
      ...InputParts
    }
  }
}`) as unknown as TypedDocumentString<HandlingCaseQuery, HandlingCaseQueryVariables>;
export const IssueDocumentDocument = new TypedDocumentString(`
    mutation IssueDocument($input: IssueDocumentInput!) {
  issueDocument(input: $input) {
    document {
      id
      number
      title
    }
  }
}
    `) as unknown as TypedDocumentString<IssueDocumentMutation, IssueDocumentMutationVariables>;
export const ActOnTaskDocument = new TypedDocumentString(`
    mutation ActOnTask($input: ActOnTaskInput!) {
  actOnTask(input: $input) {
    case {
      id
      version
      statusText
    }
  }
}
    `) as unknown as TypedDocumentString<ActOnTaskMutation, ActOnTaskMutationVariables>;
export const RecordSpecialResultDocument = new TypedDocumentString(`
    mutation RecordSpecialResult($input: RecordSpecialResultInput!) {
  recordSpecialResult(input: $input) {
    case {
      id
      version
    }
  }
}
    `) as unknown as TypedDocumentString<RecordSpecialResultMutation, RecordSpecialResultMutationVariables>;
export const DecideSpecialDocument = new TypedDocumentString(`
    mutation DecideSpecial($input: DecideSpecialInput!) {
  decideSpecial(input: $input) {
    case {
      id
      version
    }
  }
}
    `) as unknown as TypedDocumentString<DecideSpecialMutation, DecideSpecialMutationVariables>;
export const VerifyLicenceDocument = new TypedDocumentString(`
    query VerifyLicence($identifier: String, $qr: String) {
  verifyLicence(identifier: $identifier, qr: $qr) {
    verdict
    message
    status
    licenceNo
    identifier
    title
    issuer
    validFrom
    validTo
    signatureValid
    checkedAt
    fields {
      name
      title
      value
    }
  }
}
    `) as unknown as TypedDocumentString<VerifyLicenceQuery, VerifyLicenceQueryVariables>;
export const MattersDocument = new TypedDocumentString(`
    query Matters($text: String, $filter: MatterFilter, $orderBy: MatterOrder, $first: Int, $after: String, $facets: Boolean!) {
  matters(
    text: $text
    filter: $filter
    orderBy: $orderBy
    first: $first
    after: $after
  ) {
    edges {
      titleParts {
        text
        matched
      }
      node {
        ...MatterRow
      }
    }
    facets @include(if: $facets) {
      name
      values {
        value
        title
        count
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment MatterRow on Matter {
  id
  name
  title
  itemType
  caseType
  joint
  open
  serviceObjects
  tenant {
    code
    title
  }
  department {
    title
  }
  promisedLimit {
    text
  }
  visits
  onlineDepth
}`) as unknown as TypedDocumentString<MattersQuery, MattersQueryVariables>;
export const HotMattersDocument = new TypedDocumentString(`
    query HotMatters($filter: MatterFilter) {
  matters(orderBy: hot, first: 6, filter: $filter) {
    edges {
      node {
        name
        title
      }
    }
  }
}
    `) as unknown as TypedDocumentString<HotMattersQuery, HotMattersQueryVariables>;
export const MatterGuideDocument = new TypedDocumentString(`
    query MatterGuide($name: String!) {
  matter(name: $name) {
    id
    name
    title
    itemType
    caseType
    open
    basicCode
    implementationCode
    exerciseLevel
    serviceObjects
    conditions
    channels
    handlingForms
    delivery
    onlineDepth
    visits
    minUserLevel
    tenant {
      code
      title
      portal {
        supervisionPhone
      }
    }
    department {
      title
    }
    legalBasis {
      law
      article
      documentNo
      text
      url
    }
    statutoryLimit {
      n
      unit
      text
    }
    promisedLimit {
      n
      unit
      text
    }
    acceptanceWindow {
      text
    }
    materials {
      ref
      title
      required
      requiredWhen
      source
      issuingBody
      formKind
      formats
      maxMb
      copies
      checkPoints
      sampleUrl
      blankUrl
      commitment
      waiveWhenFound
      generatedFromForm
      toleranceDue {
        text
      }
    }
    fee {
      title
      charge
      amountFen
      basis
    }
    specialProcedures {
      name
      title
      legalBasis
      promisedEffect
      statutoryEffect
      max {
        text
      }
    }
    results {
      kind
      name
      title
    }
    situations {
      id
      title
      outcome
      message
      redirectTo
    }
    steps {
      node
      title
      phase
      limit {
        text
      }
    }
    places {
      address
      hours
      phone
      complaint
    }
    faq {
      question
      answer
    }
    guide {
      version
      updatedOn
      digest
      pdf
      html
      sections {
        id
        title
        blocks {
          text
          facts {
            name
            value
          }
          list
          table {
            head
            rows
          }
        }
      }
    }
    remedies {
      reconsiderationBody
      reconsiderationDays
      reconsiderationFirst
      litigationCourt
      litigationMonths
    }
  }
}
    `) as unknown as TypedDocumentString<MatterGuideQuery, MatterGuideQueryVariables>;
export const SubordinatesDocument = new TypedDocumentString(`
    query Subordinates($under: String!) {
  subordinates(under: $under, first: 100) {
    edges {
      node {
        code
        title
        level
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SubordinatesQuery, SubordinatesQueryVariables>;
export const LinkedCasesDocument = new TypedDocumentString(`
    query LinkedCases($under: String!, $filter: CaseFilter, $after: String) {
  linkedCases(under: $under, filter: $filter, first: 50, after: $after) {
    edges {
      node {
        id
        tenant
        tenantTitle
        number
        matterTitle
        departmentTitle
        applicantMasked
        status
        outcome
        receivedAt
        acceptedOn
        promisedDueOn
        statutoryDueOn
        light
        updatedAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<LinkedCasesQuery, LinkedCasesQueryVariables>;
export const MyCasesDocument = new TypedDocumentString(`
    query MyCases($after: String) {
  myCases(first: 20, after: $after) {
    edges {
      node {
        id
        number
        status
        statusText
        receivedAt
        promisedDueOn
        outcome
        tenant {
          code
          title
        }
        matter {
          title
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<MyCasesQuery, MyCasesQueryVariables>;
export const MyCaseDocument = new TypedDocumentString(`
    query MyCase($id: ID!) {
  case(id: $id) {
    id
    number
    queryCode
    status
    statusText
    outcome
    version
    receivedAt
    acceptedOn
    deemedAccepted
    promisedDueOn
    statutoryDueOn
    tenant {
      code
      title
    }
    matter {
      title
      name
      department {
        title
      }
      places {
        phone
      }
      form {
        schema
        sections {
          title
          fields
          showWhen
        }
        sensitive
      }
      materials {
        ref
        title
        formats
        maxMb
      }
      remedies {
        reconsiderationBody
        reconsiderationDays
        reconsiderationFirst
        litigationCourt
        litigationMonths
      }
    }
    form
    materials {
      ref
      title
      required
      status
      defectNote
      files {
        id
        filename
        size
        url
      }
    }
    clocks {
      id
      kind
      title
      party
      n
      unit
      dueOn
      provisional
      state
      remaining
      explain
    }
    flow {
      title
      phase
      state
      limit {
        text
      }
    }
    timeline {
      seq
      type
      title
      actorName
      at
    }
    documents {
      id
      alias
      title
      number
      date
      voided
      file {
        url
      }
    }
    corrections {
      id
      sequence
      reason
      status
      issuedAt
      applicantDueOn
      items {
        material
        field
        requirement
      }
      document {
        title
        number
        file {
          url
        }
      }
    }
    licence {
      id
      title
      licenceNo
      identifier
      status
      validFrom
      validTo
      file {
        url
      }
    }
    verbs {
      id
      title
      permitted
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<MyCaseQuery, MyCaseQueryVariables>;
export const CaseProgressDocument = new TypedDocumentString(`
    query CaseProgress($number: String!, $queryCode: String!) {
  caseProgress(number: $number, queryCode: $queryCode) {
    number
    matterTitle
    tenantTitle
    departmentTitle
    status
    statusText
    outcome
    receivedAt
    acceptedOn
    promisedDueOn
    waitingFor
    steps {
      title
      at
    }
    flow {
      title
      phase
      state
      limit {
        text
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CaseProgressQuery, CaseProgressQueryVariables>;
export const ResubmitCorrectionDocument = new TypedDocumentString(`
    mutation ResubmitCorrection($input: ResubmitCorrectionInput!) {
  resubmitCorrection(input: $input) {
    case {
      id
      version
    }
  }
}
    `) as unknown as TypedDocumentString<ResubmitCorrectionMutation, ResubmitCorrectionMutationVariables>;
export const WithdrawCaseDocument = new TypedDocumentString(`
    mutation WithdrawCase($input: WithdrawCaseInput!) {
  withdrawCase(input: $input) {
    case {
      id
      version
    }
  }
}
    `) as unknown as TypedDocumentString<WithdrawCaseMutation, WithdrawCaseMutationVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    account {
      id
      name
      type
      level
      staffNo
      department {
        title
      }
    }
    home {
      code
      title
    }
    actingTenant {
      code
      title
      level
    }
    roles {
      role
      title
    }
    permissions
    themes
  }
}
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const SubscribeThemesDocument = new TypedDocumentString(`
    mutation SubscribeThemes($input: SubscribeThemesInput!) {
  subscribeThemes(input: $input) {
    viewer {
      themes
    }
  }
}
    `) as unknown as TypedDocumentString<SubscribeThemesMutation, SubscribeThemesMutationVariables>;
export const SignInDocument = new TypedDocumentString(`
    mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    expiresAt
    viewer {
      account {
        id
        name
      }
      home {
        code
        title
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;
export const SignOutDocument = new TypedDocumentString(`
    mutation SignOut {
  signOut {
    ended
  }
}
    `) as unknown as TypedDocumentString<SignOutMutation, SignOutMutationVariables>;
export const TasksDocument = new TypedDocumentString(`
    query Tasks($filter: TaskFilter, $orderBy: TaskOrder, $after: String) {
  tasks(filter: $filter, orderBy: $orderBy, first: 50, after: $after) {
    edges {
      node {
        id
        node
        title
        state
        openedAt
        dueOn
        remaining
        closedAt
        assignee {
          id
          name
        }
        case {
          id
          number
          statusText
          applicant {
            name
          }
          matter {
            title
          }
          promisedDueOn
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<TasksQuery, TasksQueryVariables>;
export const TaskCountsDocument = new TypedDocumentString(`
    query TaskCounts {
  mine: tasks(filter: {view: mine}, first: 1) {
    totalCount
  }
  claimable: tasks(filter: {view: claimable}, first: 1) {
    totalCount
  }
}
    `) as unknown as TypedDocumentString<TaskCountsQuery, TaskCountsQueryVariables>;
export const ClaimTaskDocument = new TypedDocumentString(`
    mutation ClaimTask($input: ClaimTaskInput!) {
  claimTask(input: $input) {
    task {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<ClaimTaskMutation, ClaimTaskMutationVariables>;
export const ReleaseTaskDocument = new TypedDocumentString(`
    mutation ReleaseTask($input: ReleaseTaskInput!) {
  releaseTask(input: $input) {
    task {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<ReleaseTaskMutation, ReleaseTaskMutationVariables>;
export const TenantsDocument = new TypedDocumentString(`
    query Tenants($parent: String, $level: TenantLevel, $after: String) {
  tenants(parent: $parent, level: $level, first: 100, after: $after) {
    edges {
      node {
        id
        code
        title
        level
        status
        parent {
          code
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<TenantsQuery, TenantsQueryVariables>;
export const TenantDocument = new TypedDocumentString(`
    query Tenant($code: String!) {
  tenant(code: $code) {
    id
    code
    title
    level
    portal {
      title
      colour
      menu {
        id
        title
        url
      }
      hotline
      supervisionPhone
    }
  }
}
    `) as unknown as TypedDocumentString<TenantQuery, TenantQueryVariables>;