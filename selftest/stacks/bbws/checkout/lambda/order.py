from pages import render


def receipt(order):
    return render("receipts/payment_received.html", order)
