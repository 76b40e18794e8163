"""What is settled: costs posted to the books, periods, statements, payments, and costs carried together."""
