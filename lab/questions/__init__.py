"""Exam questions: generated from a seed, answered freely, checked, worked out; progress, exams and printed sheets."""
