// Every screen of the console: where it is, what it is called, which duties open it, and the key that leads there.
//
// A screen is one module, `screen_<name>.js`, that defines its element; it is loaded when it is first opened, and given the ids of its address.
// `key` and `menu`, the part of it, are for those that stand in the menu. What no screen is for is shown by the two at the end: a list, or a thing.

import { t } from "./texts.js";

export const SCREENS = [
  { path: "/today", tag: "screen-today", module: "./screen_today.js", title: () => t("Today"), duties: [], key: "t", menu: "work" },
  { path: "/search", tag: "screen-search", module: "./screen_search.js", title: () => t("Search"), duties: [], key: "/", menu: "work" },
  { path: "/trail", tag: "screen-trail", module: "./screen_trail.js", title: () => t("Who did what"), duties: [], key: "w", menu: "work" },
  { path: "/all", tag: "screen-all", module: "./screen_all.js", title: () => t("All lists"), duties: [], key: "l", menu: "work" },
  { path: "/firms/:member_id", tag: "screen-firm", module: "./screen_firm.js", title: () => t("Firm"), duties: [] },
  { path: "/members/:id", tag: "screen-member", module: "./screen_member.js", title: () => t("Member"), duties: [] },
  { path: "/suppliers/:id", tag: "screen-supplier", module: "./screen_supplier.js", title: () => t("Supplier"), duties: [] },
  { path: "/claims/:id", tag: "screen-case", module: "./screen_case.js", title: () => t("Claim"), duties: [] },
  { path: "/sanctions/:id", tag: "screen-case", module: "./screen_case.js", title: () => t("Sanction"), duties: [] },
  { path: "/reconciliation-items/:id", tag: "screen-case", module: "./screen_case.js", title: () => t("Reconciliation item"), duties: [] },
  { path: "/cases/:id", tag: "screen-case", module: "./screen_case.js", title: () => t("Case"), duties: [] },
  { path: "/money", tag: "screen-money", module: "./screen_money.js", title: () => t("Money"), duties: ["payments"], key: "p", menu: "money" },
  { path: "/arrears", tag: "screen-deposits", module: "./screen_deposits.js", title: () => t("Deposits"), duties: ["deposits"], key: "d", menu: "money" },
  { path: "/deposits/:seller_id", tag: "screen-deposit", module: "./screen_deposit.js", title: () => t("Deposit"), duties: [] },
  { path: "/credit", tag: "screen-credit", module: "./screen_credit.js", title: () => t("Credit"), duties: ["risk"], key: "c", menu: "money" },
  { path: "/loans/:loan_id", tag: "screen-loan", module: "./screen_loan.js", title: () => t("Loan"), duties: [] },
  { path: "/groups", tag: "screen-groups", module: "./screen_groups.js", title: () => t("Groups"), duties: ["risk"], key: "g", menu: "money" },
  { path: "/guarantee-groups/:group_id", tag: "screen-group", module: "./screen_group.js", title: () => t("Group"), duties: [] },
  { path: "/guarantee-calls/:call_id", tag: "screen-call", module: "./screen_call.js", title: () => t("Call"), duties: [] },
  { path: "/channels", tag: "screen-channels", module: "./screen_channels.js", title: () => t("Channels"), duties: ["channels"], key: "n", menu: "money" },
  { path: "/listings/:id", tag: "screen-listing", module: "./screen_listing.js", title: () => t("Listing"), duties: [] },
  { path: "/alerts", tag: "screen-alerts", module: "./screen_alerts.js", title: () => t("Alerts"), duties: ["risk"], key: "e", menu: "money" },
  { path: "/alerts/:id", tag: "screen-alert", module: "./screen_alert.js", title: () => t("Alert"), duties: [] },
  { path: "/house", tag: "screen-house", module: "./screen_house.js", title: () => t("Runs and books"), duties: [], key: "r", menu: "house" },
  { path: "/reports", tag: "screen-reports", module: "./screen_reports.js", title: () => t("Reports"), duties: [], key: "s", menu: "house" },
  { path: "/reports/:report", tag: "screen-report", module: "./screen_report.js", title: () => t("Report"), duties: [] },
  { path: "/ledger/accounts/:account", tag: "screen-account", module: "./screen_account.js", title: () => t("Account"), duties: [] },
  { path: "/imports/:import_id", tag: "screen-import", module: "./screen_import.js", title: () => t("Import"), duties: [] },
  { path: "/runs/:run_id", tag: "screen-run", module: "./screen_run.js", title: () => t("Run"), duties: [] },
  { path: "/partners", tag: "screen-partners", module: "./screen_partners.js", title: () => t("Webhooks and banks"), duties: [], key: "b", menu: "house" },
  { path: "/webhook-endpoints/:endpoint_id", tag: "screen-endpoint", module: "./screen_endpoint.js", title: () => t("Address"), duties: [] },
  { path: "/bank-events/:event_id", tag: "screen-bank-event", module: "./screen_bank_event.js", title: () => t("What a bank told"), duties: [] },
  { path: "/deposit-rulebooks", tag: "screen-rulebooks", module: "./screen_rulebooks.js", title: () => t("Rulebooks"), duties: ["deposits"], key: "u", menu: "house" },
  { path: "/deposit-rulebooks/:book_id", tag: "screen-rulebook", module: "./screen_rulebook.js", title: () => t("Rulebook"), duties: [] },
  { path: "/rulebook-draft/:id", tag: "screen-rulebook-draft", module: "./screen_rulebook_draft.js", title: () => t("Rulebook"), duties: ["deposits"] },
  { path: "/policies", tag: "screen-policies", module: "./screen_policies.js", title: () => t("Policies"), duties: [], key: "y", menu: "house" },
  { path: "/policies/:name", tag: "screen-policy", module: "./screen_policy.js", title: () => t("Policy"), duties: [] },
];

export const LIST = { tag: "screen-list", module: "./screen_list.js" };
export const THING = { tag: "screen-thing", module: "./screen_thing.js" };
