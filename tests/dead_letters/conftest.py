from tests.acquiring.till import till
from tests.bank_events.probe import probes
from tests.claims.refunds import refunds
from tests.deposits.account.shop import shop
from tests.dispute import dispute
from tests.firms.office import office
from tests.listings.selling import booth
from tests.recoveries.owing import debt
from tests.trade import trade

__all__ = ["booth", "debt", "dispute", "office", "probes", "refunds", "shop", "till", "trade"]
